/* Fuzz target: what run-alone reads of a lock file and of /proc. */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "admin/former_self.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct former_self self, again;
	unsigned long long start;
	char s[FORMER_SELF_MAX];

	former_self_start((const char *)data, size, &start);
	if (!former_self_scan(&self, (const char *)data, size))
		return 0;
	size = former_self_put(s, &self);
	if (size >= sizeof s || !former_self_scan(&again, s, size) ||
	    again.pid != self.pid || again.start != self.start)
		abort();
	return 0;
}
