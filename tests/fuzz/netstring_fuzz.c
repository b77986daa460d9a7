/* A netstring that is found lies inside the bytes, and is not found in fewer. */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lib/netstring.h"

#define CONTENT_MAX 1000

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static stralloc again;
	const char *s = (const char *)data;
	size_t start = 0, size = 0;
	ssize_t r;

	r = netstring_scan(s, len, CONTENT_MAX, &start, &size);
	if (r <= 0)
		return 0;
	if ((size_t)r > len || start + size + 1 != (size_t)r || size > CONTENT_MAX)
		abort();
	again.len = 0;
	netstring_put(&again, s + start, size);
	if (again.len != (size_t)r || memcmp(again.s, s, again.len) != 0)
		abort();
	if (netstring_scan(s, (size_t)r - 1, CONTENT_MAX, &start, &size) != 0)
		abort();
	return 0;
}
