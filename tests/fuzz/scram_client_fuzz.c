/* Whatever a server of SCRAM says: it is answered with what goes on from its nonce, or
 * not at all, and nothing but the right signature proves anything. */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lib/text.h"
#include "sasl/scram_client.h"

#define NONCE "fuzzfuzzfuzzfuzzfuzzfuzz"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static struct scram_client client;
	static stralloc out;
	const char *s = (const char *)data;

	out.len = 0;
	scram_client_first(&client, "user", NONCE, NULL, 0, 0, &out);
	/* a million rounds are slow, and tell nothing */
	if (len > 0 && memmem(s, len, "i=4096", 6) == NULL)
		return 0;
	out.len = 0;
	if (scram_client_second(&client, "pencil", s, len, &out) == NULL) {
		if (len < sizeof("r=" NONCE) || memcmp(s, "r=" NONCE, 26) != 0)
			abort();
		if (out.len < 7 || memcmp(out.s, "c=biws,", 7) != 0)
			abort();
	} else if (out.len > 0) {
		abort();
	}
	if (scram_client_is_proven(&client, s, len))
		abort();
	return 0;
}
