/* What is rewritten comes back as it was; what comes back is an address. */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lib/address.h"
#include "lib/srs.h"
#include "lib/text.h"

#define NOW 1796055000

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static const stralloc secrets = {.s = (char *)"secret", .len = 7};
	static stralloc address, made, back, again;

	text_setb(&address, (const char *)data, len);
	back.len = 0;
	if (srs_reverse(&back, address.s, &secrets, NOW) == SRS_GOOD &&
	    !address_is_mailbox(back.s, back.len))
		abort();
	if (!address_is_mailbox(address.s, strlen(address.s)))
		return 0;
	made.len = back.len = again.len = 0;
	if (!srs_forward(&made, address.s, "fwd.test", "secret", NOW))
		return 0;
	text_terminate(&made);
	if (!address_is_mailbox(made.s, made.len) || !srs_is(made.s))
		abort();
	if (srs_reverse(&back, made.s, &secrets, NOW) != SRS_GOOD) {
		/* an address that only looked as if it had been rewritten before */
		if (!srs_is(address.s))
			abort();
		return 0;
	}
	text_terminate(&back);
	if (!srs_forward(&again, back.s, "fwd.test", "secret", NOW) ||
	    again.len != made.len || memcmp(again.s, made.s, made.len) != 0)
		abort();
	return 0;
}
