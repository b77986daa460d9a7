/* Places for reports hold nothing that would break out of a header or a command. */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "sts/tls_rua.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	stralloc places = {0};
	size_t i;

	tls_rua_parse(&places, (const char *)data, len);
	for (i = 0; i < places.len; i++)
		if (places.s[i] != '\0' && (unsigned char)places.s[i] <= ' ')
			abort();
	if (places.len > 0 && places.s[places.len - 1] != '\0')
		abort();
	stralloc_free(&places);
	return 0;
}
