/* A maildirsize of any content: sums that make sense, or malformed. */

#include <stdint.h>
#include <stdlib.h>

#include "lib/maildirsize.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct maildirsize size;

	if (maildirsize_parse(&size, (const char *)data, len) == 1 &&
	    (size.bytes < 0 || size.messages < 0 || size.lines > len / 4 ||
		len > MAILDIRSIZE_MAX))
		abort();
	return 0;
}
