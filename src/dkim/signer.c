#include <string.h>

#include <nettle/sha2.h>

#include "dkim/canon.h"
#include "dkim/signature.h"
#include "dkim/signer.h"
#include "lib/base64.h"
#include "lib/text.h"

#define COLUMNS 76 /* of a line, where it can be */

/* Append the names, parted by colons, in lines of their own. */
static void
put_names(stralloc *out, const char *s, size_t len)
{
	size_t column = 3, word;
	const char *colon;

	text_cat(out, "\th=", (char *)NULL);
	while (len > 0) {
		colon = memchr(s, ':', len);
		word = colon != NULL ? (size_t)(colon - s) + 1 : len;
		if (column + word > COLUMNS) {
			text_cat(out, "\n\t ", (char *)NULL);
			column = 2;
		}
		text_catb(out, s, word);
		column += word;
		s += word;
		len -= word;
	}
	text_cat(out, ";\n", (char *)NULL);
}

/* Append all of the field but the signature itself. */
static void
put_beginning(stralloc *out, const struct signing_question *question,
    const char *selector, const struct private_key *key, time_t now)
{
	char digits[DECIMAL_MAX];

	text_cat(out, "DKIM-Signature: v=1; a=",
	    signature_algorithm_name(key->kind == KEY_RECORD_RSA
					 ? SIGNATURE_RSA_SHA256
					 : SIGNATURE_ED25519_SHA256),
	    "; c=relaxed/relaxed;\n\td=", (char *)NULL);
	text_catb(out, question->domain, question->domain_len);
	text_cat(out, "; s=", selector,
	    "; t=", text_decimal(digits, (unsigned long long)now), ";\n", (char *)NULL);
	put_names(out, question->names, question->names_len);
	text_cat(out, "\tbh=", (char *)NULL);
	base64_put(out, (const char *)question->body_hash, SIGNATURE_HASH);
	text_cat(out, ";\n\tb=", (char *)NULL);
}

static void
put_signature(stralloc *out, const unsigned char *bytes, size_t bytes_len)
{
	stralloc base64 = {0};
	size_t at, len, column = 3;

	base64_put(&base64, (const char *)bytes, bytes_len);
	for (at = 0; at < base64.len; at += len) {
		if (at > 0) {
			text_cat(out, "\n\t ", (char *)NULL);
			column = 2;
		}
		len = base64.len - at;
		if (len > COLUMNS - column)
			len = COLUMNS - column;
		text_catb(out, base64.s + at, len);
	}
	text_cat(out, "\n", (char *)NULL);
	stralloc_free(&base64);
}

int
signer_put_field(stralloc *out, const struct signing_question *question,
    const char *selector, const struct private_key *key, time_t now)
{
	unsigned char hash[SIGNATURE_HASH], bytes[PRIVATE_KEY_BYTES_MAX];
	struct sha256_ctx context;
	stralloc canonical = {0};
	size_t before = out->len, len;

	put_beginning(out, question, selector, key, now);
	canon_put_field(&canonical, CANON_RELAXED, out->s + before, out->len - before);
	sha256_init(&context);
	sha256_update(&context, question->header_len, (const uint8_t *)question->header);
	/* its own line end does not count */
	sha256_update(&context, canonical.len - 2, (const uint8_t *)canonical.s);
	sha256_digest(&context, sizeof hash, hash);
	stralloc_free(&canonical);
	len = private_key_sign(key, hash, bytes);
	if (len == 0) {
		out->len = before;
		return -1;
	}
	put_signature(out, bytes, len);
	return 0;
}
