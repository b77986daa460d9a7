/* The parts of a message of PLAIN are the whole of it. */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "smtp/sasl_plain.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct sasl_plain plain;
	char *s = malloc(len + 1);

	if (s == NULL)
		return 0;
	memcpy(s, data, len);
	s[len] = '\0';
	if (sasl_plain_parse(&plain, s, len) &&
	    strlen(plain.authorised) + strlen(plain.user) + strlen(plain.password) + 2 !=
		len)
		abort();
	free(s);
	return 0;
}
