#include <string.h>
#include <strings.h>

#include <nettle/sha2.h>
#include <stralloc.h>

#include "dkim/signed_header.h"
#include "dkim/tag_list.h"
#include "lib/text.h"

/* A name in h=, and where the field of that name was found that was taken last. */
struct seen {
	const char *name;
	size_t len, before;
};

/* How often names are in h= decides which fields they mean, from the bottom up. */
static struct seen *
find_seen(struct seen *seen, size_t *count, const char *name, size_t len, size_t before)
{
	size_t i;

	for (i = 0; i < *count; i++)
		if (seen[i].len == len && strncasecmp(seen[i].name, name, len) == 0)
			return &seen[i];
	seen[*count] = (struct seen){name, len, before};
	return &seen[(*count)++];
}

/* Put the field of the signature itself, without b= and its line end. */
static void
put_own(stralloc *out, const struct fields *fields, const struct signature *signature,
    size_t at)
{
	const struct fields_one *one = &fields->all[at];
	const char *field = fields->text.s + one->at;
	stralloc bare = {0};

	text_catb(&bare, field, (size_t)(signature->begin - field));
	text_catb(&bare, signature->end, (size_t)(field + one->len - signature->end));
	canon_put_field(out, signature->header, bare.s, bare.len);
	out->len -= 2;
	stralloc_free(&bare);
}

void
signed_header_hash(unsigned char hash[SIGNATURE_HASH], const struct fields *fields,
    const struct signature *signature, size_t at)
{
	struct sha256_ctx context;
	struct seen all[SIGNATURE_NAMES_MAX], *seen;
	stralloc out = {0};
	const char *name;
	size_t word = 0, len, count = 0, found;

	sha256_init(&context);
	while ((name = tag_list_next_word(
		    signature->names, signature->names_len, &word, &len)) != NULL) {
		seen = find_seen(all, &count, name, len, fields->count);
		found = fields_find_above(fields, seen->before, name, len);
		if (found == at)
			found = fields_find_above(fields, at, name, len);
		/* One that is not there is signed as nothing, so that none is added. */
		seen->before = found == fields->count ? 0 : found;
		if (found == fields->count)
			continue;
		out.len = 0;
		canon_put_field(&out, signature->header,
		    fields->text.s + fields->all[found].at, fields->all[found].len);
		sha256_update(&context, out.len, (const uint8_t *)out.s);
	}
	out.len = 0;
	put_own(&out, fields, signature, at);
	sha256_update(&context, out.len, (const uint8_t *)out.s);
	sha256_digest(&context, SIGNATURE_HASH, hash);
	stralloc_free(&out);
}
