#include <string.h>

#include "dkim/signed_names.h"
#include "dkim/signing.h"
#include "dkim/signing_question.h"
#include "lib/address.h"
#include "lib/from_addresses.h"
#include "lib/text.h"

static void
put_body(void *to, const char *s, size_t len)
{
	body_hash_put(to, s, len);
}

void
signing_begin(struct signing *signing)
{
	memset(&signing->fields, 0, sizeof signing->fields);
	signing->has_cr = 0;
	body_hash_begin(&signing->hash, BODY_HASH_ALL);
	canon_body_begin(&signing->body, CANON_RELAXED, put_body, &signing->hash);
}

static void
look(struct signing *signing, const char *s, size_t len)
{
	size_t taken = 0;

	if (!signing->fields.ended)
		taken = fields_feed(&signing->fields, s, len);
	if (taken < len)
		canon_body_feed(&signing->body, s + taken, len - taken);
}

void
signing_feed(struct signing *signing, const char *s, size_t len)
{
	const char *cr;
	size_t text;

	while (len > 0) {
		/* A CR that is not of a line end is sent as a blank. */
		if (signing->has_cr && *s != '\n')
			look(signing, " ", 1);
		signing->has_cr = 0;
		cr = memchr(s, '\r', len);
		text = cr != NULL ? (size_t)(cr - s) : len;
		look(signing, s, text);
		if (cr != NULL) {
			signing->has_cr = 1;
			text++;
		}
		s += text;
		len -= text;
	}
}

void
signing_end(struct signing *signing)
{
	if (signing->has_cr)
		look(signing, " ", 1);
	if (!signing->fields.ended)
		fields_end(&signing->fields);
	canon_body_end(&signing->body);
}

int
signing_domain(const struct signing *signing, char domain[SIGNATURE_DOMAIN_MAX + 1])
{
	const struct fields *fields = &signing->fields;
	size_t from = fields_find_above(fields, fields->count, "From", 4), len, at = 0,
	       begin;
	stralloc address = {0};
	const char *value;
	int is_there = 0;

	if (fields->is_too_large || from == fields->count ||
	    fields_find_above(fields, from, "From", 4) != fields->count)
		return 0;
	value = fields_value(fields, from, &len);
	if (from_addresses_next(value, len, &at, &address) == 1) {
		begin = address_domain(address.s, address.len);
		is_there = begin > 0 && signature_take_domain(domain, address.s + begin,
					    address.len - begin);
	}
	stralloc_free(&address);
	return is_there;
}

void
signing_put_question(const struct signing *signing, const char *domain, stralloc *out)
{
	struct body_hash hash = signing->hash;
	unsigned char digest[BODY_HASH_LEN];
	stralloc names = {0}, header = {0};

	body_hash_end(&hash, digest);
	signed_names_choose(&signing->fields, &names, &header);
	signing_question_put(out, &(struct signing_question){.domain = domain,
				      .domain_len = strlen(domain),
				      .body_hash = digest,
				      .names = names.s,
				      .names_len = names.len,
				      .header = header.s,
				      .header_len = header.len});
	stralloc_free(&names);
	stralloc_free(&header);
}

void
signing_free(struct signing *signing)
{
	fields_free(&signing->fields);
}
