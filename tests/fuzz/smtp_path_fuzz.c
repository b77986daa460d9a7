/* A path or parameter that is taken lies within its text and is fit for a policy's line.
 */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lib/address.h"
#include "lib/smtp_path.h"

static void
check_path(const char *s, size_t len)
{
	struct smtp_path path, again;
	size_t taken = smtp_path_scan(s, len, &path), i;

	if (!taken)
		return;
	if (taken > len || path.is_bare != (s[0] != '<') ||
	    (!path.is_bare && s[taken - 1] != '>') ||
	    (path.is_bare && taken < len && s[taken] != ' '))
		abort();
	for (i = 0; i < taken; i++)
		if ((unsigned char)s[i] < ' ' || s[i] == 127)
			abort();
	if ((path.kind == SMTP_PATH_NULL) != !path.len ||
	    (path.kind == SMTP_PATH_MAILBOX) !=
		address_is_mailbox(path.address, path.len) ||
	    path.len > ADDRESS_MAX || strlen(path.address) != path.len)
		abort();
	/* the canonical form stays as it is */
	if (path.kind != SMTP_PATH_NULL &&
	    (smtp_path_scan(path.address, path.len, &again) != path.len ||
		strcmp(again.address, path.address) != 0))
		abort();
}

static void
check_parameters(const char *s, size_t len)
{
	struct smtp_path_parameter p;
	size_t at = 0, before = 0, i;

	while (smtp_path_parameter_next(s, len, &at, &p) == 1) {
		if (at <= before || at > len || p.keyword < s + before || !p.keyword_len)
			abort();
		if (p.value != NULL && (p.value + p.value_len != s + at || !p.value_len))
			abort();
		for (i = before; i < at; i++)
			if ((unsigned char)s[i] < ' ' || s[i] == 127)
				abort();
		before = at;
	}
	if (at != before)
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	check_path((const char *)data, len);
	check_parameters((const char *)data, len);
	return 0;
}
