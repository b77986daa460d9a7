#include <string.h>
#include <strings.h>

#include "dkim/signature.h"
#include "dkim/tag_list.h"
#include "lib/base64.h"
#include "lib/domain_form.h"
#include "lib/lower.h"
#include "lib/text.h"

#define NUMBER_MAX 999999999999ULL /* 12 digits: RFC 6376, 3.5, of t= and x= */
#define LIMIT_DIGITS 76            /* the same, of l= */

static const char *const algorithms[] = {
    [SIGNATURE_RSA_SHA256] = "rsa-sha256",
    [SIGNATURE_ED25519_SHA256] = "ed25519-sha256",
    [SIGNATURE_RSA_SHA1] = "rsa-sha1",
    [SIGNATURE_UNKNOWN] = "unknown",
};

const char *
signature_algorithm_name(enum signature_algorithm algorithm)
{
	return algorithms[algorithm];
}

static int
is_word(const struct tag *tag, const char *word)
{
	return tag->len == strlen(word) && strncasecmp(tag->value, word, tag->len) == 0;
}

/* Decode base64 with blanks in it.  Returns the bytes, or 0 when it is none or too long.
 */
static size_t
decode(unsigned char *out, size_t max, const char *s, size_t len)
{
	char packed[SIGNATURE_BYTES_MAX / 3 * 4 + 8];
	char bytes[BASE64_DECODED_MAX(sizeof packed)];
	size_t i, n = 0;
	ssize_t r;

	for (i = 0; i < len; i++) {
		if (strchr(" \t\r\n", s[i]) != NULL)
			continue;
		if (n == sizeof packed)
			return 0;
		packed[n++] = s[i];
	}
	r = base64_decode(bytes, packed, n);
	if (r <= 0 || (size_t)r > max)
		return 0;
	memcpy(out, bytes, (size_t)r);
	return (size_t)r;
}

/* Is s[0..len) a domain by its characters?  It is in the form that the DNS has. */
static int
is_domain(const char *s, size_t len)
{
	size_t i;

	if (len == 0 || len > SIGNATURE_DOMAIN_MAX)
		return 0;
	for (i = 0; i < len; i++) {
		if (s[i] == '.' && (i == 0 || i + 1 == len || s[i - 1] == '.'))
			return 0;
		if (strchr("abcdefghijklmnopqrstuvwxyz0123456789-_.", s[i]) == NULL ||
		    s[i] == '\0')
			return 0;
	}
	return 1;
}

int
signature_take_domain(char *out, const char *s, size_t len)
{
	stralloc form = {0};
	size_t i;
	int taken;

	for (i = 0; i < len && (unsigned char)s[i] < 128; i++)
		;
	if (i == len || !domain_form_other(&form, s, len))
		text_catb(&form, s, len);
	lower_bytes(form.s, form.len);
	taken = is_domain(form.s, form.len) &&
		text_copy(out, SIGNATURE_DOMAIN_MAX + 1, form.s, form.len);
	stralloc_free(&form);
	return taken;
}

int
signature_is_below(const char *domain, const char *parent)
{
	size_t len = strlen(domain), end = strlen(parent);

	return len >= end && strcmp(domain + len - end, parent) == 0 &&
	       (len == end || domain[len - end - 1] == '.');
}

static int
hex(char c)
{
	const char *digits = "0123456789ABCDEF", *at;

	at = c != '\0' ? strchr(digits, c) : NULL;
	return at != NULL ? (int)(at - digits) : -1;
}

/* i=, in quoted-printable of DKIM's own (RFC 6376, 2.11); by default all of d=. */
static const char *
take_identity(struct signature *signature, const struct tag *tag)
{
	char *out = signature->identity, domain[SIGNATURE_DOMAIN_MAX + 1];
	const char *s, *at;
	size_t i, n = 0;

	if (tag == NULL) {
		out[0] = '@';
		strcpy(out + 1, signature->domain);
		return NULL;
	}
	for (s = tag->value, i = 0; i < tag->len; i++) {
		if (strchr(" \t\r\n", s[i]) != NULL)
			continue;
		if (n == SIGNATURE_IDENTITY_MAX)
			return "i= is too long";
		out[n] = s[i];
		if (s[i] == '=') {
			if (tag->len - i < 3 || hex(s[i + 1]) < 0 || hex(s[i + 2]) < 0)
				return "i= is malformed";
			out[n] = (char)(hex(s[i + 1]) * 16 + hex(s[i + 2]));
			i += 2;
		}
		if (out[n++] == '\0')
			return "i= is malformed";
	}
	out[n] = '\0';
	at = strrchr(out, '@');
	if (at == NULL || !signature_take_domain(domain, at + 1, strlen(at + 1)))
		return "i= has no domain";
	if (!signature_is_below(domain, signature->domain))
		return "i= is not of d=";
	signature->is_identity_below = strcmp(domain, signature->domain) != 0;
	return NULL;
}

static const char *
take_canon(struct signature *signature, const struct tag *tag)
{
	static const char *const names[] = {"simple", "relaxed"};
	const char *slash;
	struct tag half;
	enum canon *how[] = {&signature->header, &signature->body};
	size_t i, n;

	signature->header = signature->body = CANON_SIMPLE;
	if (tag == NULL)
		return NULL;
	half = *tag;
	slash = memchr(tag->value, '/', tag->len);
	if (slash != NULL)
		half.len = (size_t)(slash - tag->value);
	for (i = 0; i < (slash != NULL ? 2 : 1); i++) {
		for (n = 0; n < 2 && !is_word(&half, names[n]); n++)
			;
		if (n == 2)
			return "c= is unknown";
		*how[i] = (enum canon)n;
		if (slash != NULL) {
			half.value = slash + 1;
			half.len = (size_t)(tag->value + tag->len - half.value);
		}
	}
	return NULL;
}

/* A tag that is a number, if it is there.  Returns 0, or -1 when it is none. */
static int
take_number(const struct tag *tag, size_t digits, unsigned long long max, int *has,
    unsigned long long *n)
{
	const char *s;
	size_t len;

	*has = tag != NULL;
	if (tag == NULL)
		return 0;
	s = tag->value;
	len = tag->len;
	if (len == 0 || len > digits)
		return -1;
	for (; len > 1 && *s == '0'; len--)
		s++;
	if (text_number(s, len, max, n))
		return 0;
	/* It is more than can ever be. */
	for (; len > 0; len--, s++)
		if (*s < '0' || *s > '9')
			return -1;
	*n = max;
	return 0;
}

static const char *
take_numbers(struct signature *signature, const struct tag_list *list)
{
	if (take_number(tag_list_find(list, "l"), LIMIT_DIGITS, (unsigned long long)-1,
		&signature->has_limit, &signature->limit) == -1)
		return "l= is no number";
	if (take_number(tag_list_find(list, "t"), 20, NUMBER_MAX, &signature->has_time,
		&signature->time) == -1)
		return "t= is no number";
	if (take_number(tag_list_find(list, "x"), 20, NUMBER_MAX, &signature->has_expiry,
		&signature->expiry) == -1)
		return "x= is no number";
	if (signature->has_time && signature->has_expiry &&
	    signature->expiry <= signature->time)
		return "x= is before t=";
	return NULL;
}

static const char *
take_names(struct signature *signature, const struct tag *tag)
{
	const char *word;
	size_t at = 0, len, n = 0;
	int has_from = 0;

	signature->names = tag->value;
	signature->names_len = tag->len;
	while ((word = tag_list_next_word(tag->value, tag->len, &at, &len)) != NULL) {
		if (len == 0)
			return "h= is malformed";
		if (++n > SIGNATURE_NAMES_MAX)
			return "h= has too many names";
		has_from |= len == 4 && strncasecmp(word, "From", 4) == 0;
	}
	return has_from ? NULL : "From is not signed";
}

static void
take_algorithm(struct signature *signature, const struct tag *tag)
{
	signature->algorithm = SIGNATURE_RSA_SHA256;
	while (signature->algorithm != SIGNATURE_UNKNOWN &&
	       !is_word(tag, algorithms[signature->algorithm]))
		signature->algorithm++;
}

static const char *
take_bytes(struct signature *signature, const struct tag_list *list)
{
	const struct tag *b = tag_list_find(list, "b"), *bh = tag_list_find(list, "bh");

	signature->begin = b->begin;
	signature->end = b->end;
	signature->len = decode(signature->bytes, SIGNATURE_BYTES_MAX, b->value, b->len);
	if (signature->len == 0)
		return "b= is malformed";
	/* What another algorithm has there is unknown. */
	if (signature->algorithm != SIGNATURE_RSA_SHA256 &&
	    signature->algorithm != SIGNATURE_ED25519_SHA256)
		return NULL;
	return decode(signature->body_hash, SIGNATURE_HASH, bh->value, bh->len) ==
		       SIGNATURE_HASH
		   ? NULL
		   : "bh= is malformed";
}

const char *
signature_parse(struct signature *signature, const char *s, size_t len)
{
	static const char *const needed[] = {"v", "a", "b", "bh", "d", "h", "s"};
	struct tag_list list;
	const struct tag *d, *selector, *q;
	const char *wrong;
	size_t i;

	memset(signature, 0, sizeof *signature);
	signature->algorithm = SIGNATURE_UNKNOWN;
	if (tag_list_parse(&list, s, len) == -1)
		return "malformed list of tags";
	d = tag_list_find(&list, "d");
	selector = tag_list_find(&list, "s");
	if (d != NULL && !signature_take_domain(signature->domain, d->value, d->len))
		return "d= is no domain";
	if (selector != NULL &&
	    !signature_take_domain(signature->selector, selector->value, selector->len))
		return "s= is no selector";
	for (i = 0; i < sizeof needed / sizeof *needed; i++)
		if (tag_list_find(&list, needed[i]) == NULL)
			return "a tag is missing";
	if (!is_word(tag_list_find(&list, "v"), "1"))
		return "v= is unknown";
	q = tag_list_find(&list, "q");
	if (q != NULL && !tag_list_has_word(q->value, q->len, "dns/txt"))
		return "q= is unknown";
	take_algorithm(signature, tag_list_find(&list, "a"));
	if ((wrong = take_canon(signature, tag_list_find(&list, "c"))) != NULL ||
	    (wrong = take_bytes(signature, &list)) != NULL ||
	    (wrong = take_identity(signature, tag_list_find(&list, "i"))) != NULL ||
	    (wrong = take_numbers(signature, &list)) != NULL ||
	    (wrong = take_names(signature, tag_list_find(&list, "h"))) != NULL)
		return wrong;
	return NULL;
}
