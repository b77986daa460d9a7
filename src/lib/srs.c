#include <string.h>
#include <strings.h>

#include <nettle/hmac.h>

#include "lib/address.h"
#include "lib/base64.h"
#include "lib/lower.h"
#include "lib/srs.h"
#include "lib/text.h"

#define TAG 4     /* characters of "SRS0" */
#define HASH 4    /* of the hash */
#define STAMP 2   /* of the time stamp */
#define DAYS 1024 /* that it tells apart */
#define SECONDS 86400
#define SEPARATORS "=+-" /* behind the tag; elsewhere it is '=' */

static const char base32[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/* The local part of the address as it is meant, without quotes; and where the domain
 * begins. */
static const char *
take_local(stralloc *local, const char *address)
{
	size_t domain = address_domain(address, strlen(address)), i;
	int is_quoted = domain > 2 && address[0] == '"' && address[domain - 2] == '"';

	local->len = 0;
	if (domain == 0)
		return NULL;
	for (i = is_quoted; i < domain - 1 - (size_t)is_quoted; i++) {
		if (is_quoted && address[i] == '\\' && i + 2 < domain - 1)
			i++;
		text_catb(local, address + i, 1);
	}
	text_terminate(local);
	return address + domain;
}

/* LOCAL@DOMAIN, with quotes where the local part needs them.  Returns 1; 0, sa unchanged,
 * when it is none. */
static int
put_address(stralloc *sa, const stralloc *local, const char *domain)
{
	size_t before = sa->len, i;

	if (address_is_local(local->s, local->len) && local->s[0] != '"') {
		text_catb(sa, local->s, local->len);
	} else {
		text_cat(sa, "\"", (char *)NULL);
		for (i = 0; i < local->len; i++) {
			if (local->s[i] == '"' || local->s[i] == '\\')
				text_cat(sa, "\\", (char *)NULL);
			text_catb(sa, local->s + i, 1);
		}
		text_cat(sa, "\"", (char *)NULL);
	}
	text_cat(sa, "@", domain, (char *)NULL);
	if (address_is_mailbox(sa->s + before, sa->len - before))
		return 1;
	sa->len = before;
	return 0;
}

/* The hash of what an address is made of, whose case may get lost on the way. */
static void
hash_of(char hash[HASH + 1], const char *secret, const char *s, size_t len,
    const char *domain, size_t domain_len, const char *local)
{
	struct hmac_sha1_ctx hmac;
	uint8_t digest[SHA1_DIGEST_SIZE];
	stralloc data = {0}, text = {0};

	text_catb(&data, s, len);
	text_catb(&data, domain, domain_len);
	text_cat(&data, local, (char *)NULL);
	lower_bytes(data.s, data.len);
	hmac_sha1_set_key(&hmac, strlen(secret), (const uint8_t *)secret);
	hmac_sha1_update(&hmac, data.len, (const uint8_t *)data.s);
	hmac_sha1_digest(&hmac, sizeof(digest), digest);
	base64_put(&text, (const char *)digest, sizeof(digest));
	memcpy(hash, text.s, HASH);
	hash[HASH] = '\0';
	stralloc_free(&data);
	stralloc_free(&text);
}

static int
is_tagged(const char *s, size_t len, char kind)
{
	return len > TAG && strncasecmp(s, "SRS", TAG - 1) == 0 && s[TAG - 1] == kind &&
	       strchr(SEPARATORS, s[TAG]) != NULL;
}

int
srs_is(const char *address)
{
	stralloc local = {0};
	int r =
	    take_local(&local, address) != NULL &&
	    (is_tagged(local.s, local.len, '0') || is_tagged(local.s, local.len, '1'));

	stralloc_free(&local);
	return r;
}

/* Take the field at *s up to the next '='.  Returns it, or null when there is none. */
static const char *
field(const char **s, size_t *len)
{
	const char *begin = *s, *end = strchr(begin, '=');

	if (end == NULL || end == begin)
		return NULL;
	*len = (size_t)(end - begin);
	*s = end + 1;
	return begin;
}

/* An address that has been rewritten already: who did it first, and what is behind. */
static int
put_second(stralloc *out, const stralloc *local, const char *domain, const char *secret)
{
	const char *rest = local->s + TAG, *at = domain;
	size_t len = strlen(domain), skipped;
	char hash[HASH + 1];

	if (local->s[TAG - 1] == '1') {
		rest++;
		if (field(&rest, &skipped) == NULL || (at = field(&rest, &len)) == NULL)
			return 0;
	}
	hash_of(hash, secret, "", 0, at, len, rest);
	text_cat(out, "SRS1=", hash, "=", (char *)NULL);
	text_catb(out, at, len);
	text_cat(out, "=", rest, (char *)NULL);
	return 1;
}

static void
put_first(stralloc *out, const stralloc *local, const char *domain, const char *secret,
    int64_t now)
{
	unsigned day = (unsigned)(now / SECONDS % DAYS);
	char stamp[STAMP + 1] = {base32[day >> 5], base32[day & 31]}, hash[HASH + 1];

	hash_of(hash, secret, stamp, STAMP, domain, strlen(domain), local->s);
	text_cat(
	    out, "SRS0=", hash, "=", stamp, "=", domain, "=", local->s, (char *)NULL);
}

int
srs_forward(stralloc *sa, const char *address, const char *domain, const char *secret,
    int64_t now)
{
	stralloc local = {0}, out = {0};
	const char *from = take_local(&local, address);
	int r = from != NULL;

	if (r &&
	    (is_tagged(local.s, local.len, '0') || is_tagged(local.s, local.len, '1')))
		r = put_second(&out, &local, from, secret);
	else if (r)
		put_first(&out, &local, from, secret, now);
	r = r && put_address(sa, &out, domain);
	stralloc_free(&local);
	stralloc_free(&out);
	return r;
}

/* Is it the hash by one of the secrets?  All are tried, so that the time tells nothing.
 */
static int
is_hash(const char *given, const stralloc *secrets, const char *s, size_t len,
    const char *domain, size_t domain_len, const char *local)
{
	const char *secret;
	char hash[HASH + 1];
	int found = 0;

	for (secret = secrets->s; secret < secrets->s + secrets->len;
	     secret += strlen(secret) + 1) {
		hash_of(hash, secret, s, len, domain, domain_len, local);
		found |= strncasecmp(hash, given, HASH) == 0;
	}
	return found;
}

/* How many days ago that was, or will be, of those that can be told apart; -1. */
static int
age(const char *stamp, int64_t now)
{
	int day = 0, i;
	const char *digit;

	for (i = 0; i < STAMP; i++) {
		digit = strchr(base32,
		    stamp[i] >= 'a' && stamp[i] <= 'z' ? stamp[i] - 32 : stamp[i]);
		if (digit == NULL || *digit == '\0')
			return -1;
		day = 32 * day + (int)(digit - base32);
	}
	return (int)((now / SECONDS - day) % DAYS + DAYS) % DAYS;
}

/* SRS0=HASH=STAMP=DOMAIN=LOCAL */
static enum srs_result
reverse_first(stralloc *sa, const char *s, const stralloc *secrets, int64_t now)
{
	size_t hash_len, stamp_len, len;
	const char *hash = field(&s, &hash_len);
	const char *stamp = hash != NULL ? field(&s, &stamp_len) : NULL;
	const char *at = stamp != NULL ? field(&s, &len) : NULL;
	stralloc local = {0}, domain = {0};
	enum srs_result result = SRS_FORGED;
	int days;

	if (at == NULL || hash_len != HASH || stamp_len != STAMP ||
	    !is_hash(hash, secrets, stamp, stamp_len, at, len, s))
		return SRS_FORGED;
	days = age(stamp, now);
	if (now != SRS_ALWAYS && (days == -1 || days > SRS_DAYS))
		return SRS_EXPIRED;
	text_set(&local, s);
	text_setb(&domain, at, len);
	if (put_address(sa, &local, domain.s))
		result = SRS_GOOD;
	stralloc_free(&local);
	stralloc_free(&domain);
	return result;
}

/* SRS1=HASH=DOMAIN=REST, REST being what follows SRS0 there */
static enum srs_result
reverse_second(stralloc *sa, const char *s, const stralloc *secrets)
{
	size_t hash_len, len;
	const char *hash = field(&s, &hash_len);
	const char *at = hash != NULL ? field(&s, &len) : NULL;
	stralloc local = {0}, domain = {0};
	enum srs_result result = SRS_FORGED;

	if (at == NULL || hash_len != HASH || !is_hash(hash, secrets, "", 0, at, len, s))
		return SRS_FORGED;
	text_cat(&local, "SRS0", s, (char *)NULL);
	text_terminate(&local);
	text_setb(&domain, at, len);
	if (is_tagged(local.s, local.len, '0') && put_address(sa, &local, domain.s))
		result = SRS_GOOD;
	stralloc_free(&local);
	stralloc_free(&domain);
	return result;
}

enum srs_result
srs_reverse(stralloc *sa, const char *address, const stralloc *secrets, int64_t now)
{
	stralloc local = {0};
	enum srs_result result = SRS_NONE;

	if (take_local(&local, address) != NULL && secrets->len > 0) {
		if (is_tagged(local.s, local.len, '0'))
			result = reverse_first(sa, local.s + TAG + 1, secrets, now);
		else if (is_tagged(local.s, local.len, '1'))
			result = reverse_second(sa, local.s + TAG + 1, secrets);
	}
	stralloc_free(&local);
	return result;
}
