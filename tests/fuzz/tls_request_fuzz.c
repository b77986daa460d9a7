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

	if (s == NULL)
		return 0;
	memcpy(s, data, len);
	if (tls_request_parse(&request, s, len) == NULL) {
		if (request.side == TLS_SIDE_NONE || request.timeout == 0 ||
		    request.timeout > TLS_TIMEOUT_MAX)
			abort();
		look_at(request.alpn, s, len);
		look_at(request.servername, s, len);
		look_at(request.verify, s, len);
	}
	free(s);
	return 0;
}
