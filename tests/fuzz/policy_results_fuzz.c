/* The results of a policy that are taken are settings of names that may be, of one line.
 */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lib/policy_results.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	const char *s = (const char *)data, *at, *p, *equals;
	stralloc results = {0};
	ssize_t r;

	r = policy_results_take(&results, s, len);
	if (r > (ssize_t)len || r < -1 || policy_results_take(NULL, s, len) != r)
		abort();
	for (at = results.s; r > 0 && at < results.s + results.len;
	     at += strlen(at) + 1) {
		equals = strchr(at, '=');
		if (equals == NULL || !policy_results_is_name(at, (size_t)(equals - at)))
			abort();
		for (p = at; *p != '\0'; p++)
			if ((unsigned char)*p < ' ' || *p == 127)
				abort();
	}
	stralloc_free(&results);
	return 0;
}
