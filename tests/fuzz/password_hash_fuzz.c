/* A hash of any content has a kind, and its text lies inside. */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "auth/password_digest.h"
#include "lib/password_hash.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	enum password_hash_kind kind;
	size_t text;
	char *s;

	kind = password_hash_kind((const char *)data, len, &text);
	if (text > len)
		abort();
	s = strndup((const char *)data, len);
	if (s == NULL)
		abort();
	if (strlen(s) == len && kind >= PASSWORD_HASH_SSHA)
		password_digest_matches(kind, s + text, "secret");
	free(s);
	return 0;
}
