/* Credentials of any content are strings inside what came, or malformed. */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lib/credentials.h"

static void
must_be_inside(const char *s, const char *bytes, size_t len)
{
	if (*s != '\0' && (s < bytes || s + strlen(s) >= bytes + len))
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct credentials credentials;
	const char *s = (const char *)data;

	if (!credentials_parse(&credentials, s, len))
		return 0;
	must_be_inside(credentials.user, s, len);
	must_be_inside(credentials.password, s, len);
	must_be_inside(credentials.timestamp, s, len);
	must_be_inside(credentials.client, s, len);
	return 0;
}
