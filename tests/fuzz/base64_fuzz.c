/* What is decoded is what it was encoded from, and nothing else decodes to it. */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <stralloc.h>

#include "lib/base64.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	char *out = malloc(BASE64_DECODED_MAX(len) + 1);
	stralloc again = {0};
	ssize_t r;

	if (out == NULL)
		return 0;
	r = base64_decode(out, (const char *)data, len);
	if (r >= 0) {
		base64_put(&again, out, (size_t)r);
		if (again.len != len || (len && memcmp(again.s, data, len) != 0))
			abort();
	}
	stralloc_free(&again);
	free(out);
	return 0;
}
