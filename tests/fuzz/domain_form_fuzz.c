/* The other form of a domain's other form is the domain, where it is one. */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lib/domain_form.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	stralloc other = {0}, back = {0}, again = {0};

	if (domain_form_other(&other, (const char *)data, len) &&
	    domain_form_other(&back, other.s, other.len) &&
	    (!domain_form_other(&again, back.s, back.len) || again.len != other.len ||
		memcmp(again.s, other.s, other.len) != 0))
		abort();
	stralloc_free(&other);
	stralloc_free(&back);
	stralloc_free(&again);
	return 0;
}
