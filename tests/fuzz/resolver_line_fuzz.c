/* Lines of control/resolvers: no crash, and nothing empty is accepted. */

#include <stdint.h>
#include <stdlib.h>

#include "control/control_line.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	if (control_line_resolver((const char *)data, len) == NULL && len == 0)
		abort();
	return 0;
}
