/* A request that is understood has a side, a sane time, and names inside its bytes. */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "tls/tls_request.h"

static void
look_at(const char *name, const char *s, size_t len)
{
	if (name != NULL && (name < s || name + strlen(name) >= s + len ||
				*name == '\0' || strlen(name) > TLS_NAME_MAX))
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct tls_request request;
	char *s = malloc(len + 1);
	size_t i;

	if (s == NULL)
		return 0;
	memcpy(s, data, len);
	if (tls_request_parse(&request, s, len) == NULL) {
		if (request.side == TLS_SIDE_NONE || request.timeout == 0 ||
		    request.timeout > TLS_TIMEOUT_MAX)
			abort();
		look_at(request.alpn, s, len);
		look_at(request.servername, s, len);
		for (i = 0; i < request.matches_n; i++)
			look_at(request.matches[i], s, len);
		for (i = 0; i < request.records_n; i++)
			if (strlen(request.records[i].hex) % 2 != 0)
				abort();
		for (i = 0; i < request.fingerprints_n; i++)
			if (strlen(request.fingerprints[i]) != TLS_FINGERPRINT_LEN)
				abort();
	}
	free(s);
	return 0;
}
