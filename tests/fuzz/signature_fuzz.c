/* What a signature says lies in the field, and its limits hold. */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "dkim/signature.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static struct signature signature;
	const char *s = (const char *)data;

	if (signature_parse(&signature, s, len) != NULL)
		return 0;
	if (signature.begin < s || signature.end > s + len ||
	    signature.begin > signature.end || signature.names < s ||
	    signature.names + signature.names_len > s + len || signature.len == 0 ||
	    signature.len > SIGNATURE_BYTES_MAX)
		abort();
	if (*signature.domain == '\0' || *signature.selector == '\0' ||
	    strchr(signature.selector, '/') != NULL ||
	    strchr(signature.domain, '/') != NULL ||
	    strchr(signature.identity, '@') == NULL)
		abort();
	return 0;
}
