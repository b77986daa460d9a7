#include <string.h>

#include "smtp/sasl_plain.h"

int
sasl_plain_parse(struct sasl_plain *plain, const char *s, size_t len)
{
	const char *end = s + len;

	plain->authorised = s;
	s = memchr(s, '\0', (size_t)(end - s));
	if (s == NULL)
		return 0;
	plain->user = ++s;
	s = memchr(s, '\0', (size_t)(end - s));
	if (s == NULL)
		return 0;
	plain->password = ++s;
	return *plain->user && *plain->password &&
	       memchr(s, '\0', (size_t)(end - s)) == NULL;
}
