#include "dkim/zone_record.h"
#include "dkim/key_make.h"
#include "lib/text.h"

void
zone_record_put(stralloc *out, const char *domain, const char *selector,
    const struct private_key *key)
{
	stralloc text = {0};
	size_t at, len;

	key_make_record(&text, key);
	text_cat(out, selector, "._domainkey.", domain, ". IN TXT (", (char *)NULL);
	for (at = 0; at < text.len; at += len) {
		len = text.len - at < ZONE_RECORD_STRING ? text.len - at
							 : ZONE_RECORD_STRING;
		text_cat(out, at > 0 ? "\n\t\"" : " \"", (char *)NULL);
		text_catb(out, text.s + at, len);
		text_cat(out, "\"", (char *)NULL);
	}
	text_cat(out, " )\n", (char *)NULL);
	stralloc_free(&text);
}
