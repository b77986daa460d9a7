/* A message of any content: its header is looked through for loops. */

#include <stdint.h>
#include <string.h>

#include "deliver/trace.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	trace_loops((const char *)data, len, "a@b.example");
	return 0;
}
