/* Lines of control/resolvers: no crash, and nothing empty is accepted. */

#include <stdint.h>
#include <stdlib.h>

#include "admin/control_check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	if (!control_check_resolver((const char *)data, len) && len == 0)
		abort();
	return 0;
}
