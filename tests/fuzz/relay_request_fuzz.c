/* The parts of a request lie within it. */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "receive/relay_request.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	const char *s = (const char *)data;
	struct relay_request r;

	relay_request_parse(&r, s, len);
	if (r.verb != s || r.verb_len > len || r.address < s ||
	    r.address + r.address_len > s + len)
		abort();
	if (relay_request_is(&r, "rcpt") && memcmp(s, "rcpt", 4))
		abort();
	if (relay_request_routes(r.address, r.address_len) &&
	    !memchr(r.address, '@', r.address_len))
		abort();
	return 0;
}
