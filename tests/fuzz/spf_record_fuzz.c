/* The terms of an SPF record lie inside it, and what is well-formed can be expanded. */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "spf/spf_expand.h"
#include "spf/spf_macro.h"
#include "spf/spf_record.h"

static const struct spf_expand_values values = {.sender = "a.b-c+d@e.test",
    .local = "a.b-c+d",
    .sender_domain = "e.test",
    .domain = "f.test",
    .validated = "unknown",
    .helo = "..",
    .receiver = "",
    .ip = {[10] = 0xff, [11] = 0xff, [12] = 192}};

static void
expand(const char *s, size_t len)
{
	static stralloc name;

	name.len = 0;
	spf_expand(&name, s, len, &values);
	/* a macro of 4 characters gives no more than the longest value */
	if (name.len > 64 * (len + 1))
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	const char *s = (const char *)data;
	struct spf_record_term t;
	size_t at = 0;

	if (spf_macro_is_explanation(s, len))
		expand(s, len);
	if (!spf_record_is(s, len))
		return 0;
	while (spf_record_next(s, len, &at, &t) == 1) {
		if (t.text < s || t.text + t.text_len > s + len || at > len ||
		    t.text_len == 0 || t.bits4 > 32 || t.bits6 > 128 ||
		    memchr("+-~?", t.qualifier, 4) == NULL) {
			if (t.kind < SPF_RECORD_REDIRECT)
				abort();
		}
		if (t.spec_len == 0)
			continue;
		if (t.spec < t.text || t.spec + t.spec_len > t.text + t.text_len)
			abort();
		spf_macro_uses(t.spec, t.spec_len, "sl");
		expand(t.spec, t.spec_len);
	}
	return 0;
}
