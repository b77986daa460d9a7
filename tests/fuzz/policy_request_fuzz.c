/* The parts of a request lie within it. */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "policy/policy_request.h"
#include "policy/relay_lists.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	const char *s = (const char *)data;
	struct policy_request r;

	policy_request_parse(&r, s, len);
	if (r.verb != s || r.verb_len > len || r.address < s ||
	    r.address + r.address_len > s + len)
		abort();
	if (policy_request_is(&r, "rcpt") && memcmp(s, "rcpt", 4) != 0)
		abort();
	if (relay_lists_routes(r.address, r.address_len) &&
	    memchr(r.address, '@', r.address_len) == NULL)
		abort();
	return 0;
}
