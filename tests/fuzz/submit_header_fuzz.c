/* A header with its addresses completed says the same; completed again, nothing changes.
 */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "submit/submit_header.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	stralloc once = {0}, twice = {0}, to = {0}, again = {0};
	const char *s = (const char *)data;
	size_t end;

	if (!submit_header_find_end(s, len, 1, &end) || end > len)
		abort();
	if (submit_header_complete(&once, s, end, "x.test", NULL, &to) == NULL) {
		if (once.len < end)
			abort();
		if (submit_header_complete(
			&twice, once.s, once.len, "y.test", NULL, &again) != NULL)
			abort();
		if (twice.len != once.len || to.len != again.len ||
		    (to.len > 0 && memcmp(to.s, again.s, to.len) != 0))
			abort();
	}
	stralloc_free(&once);
	stralloc_free(&twice);
	stralloc_free(&to);
	stralloc_free(&again);
	return 0;
}
