/* Lines of users/: what is accepted has an address, and it is found again by its key. */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "admin/user_line.h"
#include "lib/address.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static struct user_line line, again;
	const char *s = (const char *)data;
	size_t at;

	if (len == 0)
		return 0;
	switch (data[0] % 3) {
	case 0:
		if (user_line_mailbox(&line, s + 1, len - 1) != NULL)
			return 0;
		if (line.uid == 0 || user_line_fit(line.key.s, line.key.len) != NULL)
			abort();
		break;
	case 1:
		if (user_line_alias(&line, s + 1, len - 1) != NULL)
			return 0;
		if (line.targets.len == 0 || line.targets.s[line.targets.len - 1] != '\0')
			abort();
		break;
	default:
		if (user_line_password(&line, s + 1, len - 1) != NULL)
			return 0;
		if (line.hash.len == 0)
			abort();
	}
	at = address_domain(line.key.s, line.key.len);
	if (at == 0 || user_line_key(&again, s + 1, len - 1) != NULL ||
	    again.key.len != line.key.len ||
	    memcmp(again.key.s, line.key.s, line.key.len) != 0)
		abort();
	return 0;
}
