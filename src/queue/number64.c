#include <endian.h>
#include <string.h>

#include "queue/number64.h"

void
number64_put(char *s, uint64_t n)
{
	n = htole64(n);
	memcpy(s, &n, sizeof n);
}

uint64_t
number64_get(const char *s)
{
	uint64_t n;

	memcpy(&n, s, sizeof n);
	return le64toh(n);
}
