/* A line of control/tlspolicy that is understood has sound values; finding never leaves
 * the lines. */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lib/tls_policy.h"

static void
look_at(const char *list, size_t least, size_t most)
{
	char value[TLS_POLICY_NAME_MAX + 1];

	while (tls_policy_next(&list, value, sizeof(value)))
		if (strlen(value) < least || strlen(value) > most)
			abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	char *s = malloc(len + 1);
	struct tls_policy p;
	const char *line;

	if (s == NULL)
		return 0;
	memcpy(s, data, len);
	s[len] = '\0';
	for (line = s; line < s + len; line += strlen(line) + 1) {
		if (tls_policy_parse(&p, line) != NULL)
			continue;
		if (p.pattern_len == 0 || p.level > TLS_POLICY_FINGERPRINT)
			abort();
		look_at(p.names, 1, TLS_POLICY_NAME_MAX);
		look_at(p.fingerprints, TLS_POLICY_HEX, TLS_POLICY_HEX);
		if (*p.pattern != '.' && *p.pattern != '*' &&
		    tls_policy_find(s, len + 1, "x.test") == NULL &&
		    strncmp(p.pattern, "x.test ", 7) == 0)
			abort();
	}
	line = tls_policy_find(s, len + 1, "a.b.test");
	if (line != NULL && (line < s || line > s + len))
		abort();
	free(s);
	return 0;
}
