/* An accepted header promises what the file has, and can be written again. */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "queue/header.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct header h;
	char buf[HEADER_LEN], again[HEADER_LEN];
	uint64_t size = len;

	if (len < sizeof buf)
		return 0;
	memcpy(buf, data, sizeof buf);
	if (len >= sizeof buf + sizeof size)
		memcpy(&size, data + sizeof buf, sizeof size);
	if (header_parse(&h, buf, size)) {
		if (h.message > size || h.envelope > size || header_end(&h) > size)
			abort();
		header_format(again, &h);
		if (memcmp(buf, again, sizeof buf) != 0)
			abort();
	}
	return 0;
}
