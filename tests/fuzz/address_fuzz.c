/* An address that is accepted is fit for a log, a header, a protocol line and a key. */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lib/address.h"

static void
must_be_clean(const char *s, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		if ((unsigned char)s[i] < ' ' || s[i] == 127)
			abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static stralloc key;
	const char *s = (const char *)data;
	size_t domain = address_domain(s, len), i;

	address_key(&key, s, len);
	if (key.len > len || key.s[key.len] != '\0')
		abort();
	for (i = 0; i < key.len; i++)
		if (key.s[i] >= 'A' && key.s[i] <= 'Z')
			abort();
	address_is_local(s, len);
	address_is_domain(s, len);
	if (address_is_folder(s, len) && memchr(s, '/', len) != NULL)
		abort();
	if (!address_is_mailbox(s, len))
		return 0;
	must_be_clean(s, len);
	if (domain < 2 || len > ADDRESS_MAX || address_domain(key.s, key.len) == 0)
		abort();
	return 0;
}
