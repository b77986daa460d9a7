#include <errno.h>
#include <string.h>
#include <sys/random.h>

#include <nettle/bignum.h>
#include <nettle/eddsa.h>

#include "dkim/key_make.h"
#include "lib/base64.h"
#include "lib/text.h"

#define RSA_EXPONENT 65537
#define PEM_COLUMNS 64
#define SEQUENCE 0x30
#define INTEGER 0x02
#define BITS 0x03
#define OCTETS 0x04

/* DER (X.690) of the algorithm: its OID, with NULL for RSA. */
static const char rsa_algorithm[] =
    "\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01\x05\x00";
static const char ed25519_algorithm[] = "\x30\x05\x06\x03\x2b\x65\x70";

static void
fill_random(void *failed, size_t len, uint8_t *out)
{
	ssize_t r;

	while (len > 0) {
		r = getrandom(out, len, 0);
		if (r == -1 && errno == EINTR)
			continue;
		if (r <= 0) {
			*(int *)failed = 1;
			memset(out, 0xff, len);
			return;
		}
		out += r;
		len -= (size_t)r;
	}
}

int
key_make(struct private_key *key, enum key_record_kind kind, unsigned bits)
{
	int failed = 0;

	key->kind = kind;
	if (kind == KEY_RECORD_ED25519) {
		fill_random(&failed, sizeof key->seed, key->seed);
		ed25519_sha512_public_key(key->ed25519_public, key->seed);
		return failed ? -1 : 0;
	}
	mpz_set_ui(key->rsa_public.e, RSA_EXPONENT);
	if (rsa_generate_keypair(
		&key->rsa_public, &key->rsa, &failed, fill_random, NULL, NULL, bits, 0) &&
	    !failed)
		return 0;
	errno = failed ? errno : EINVAL;
	return -1;
}

/* Append tag and length; the content is to follow. */
static void
put_head(stralloc *out, unsigned char tag, size_t len)
{
	unsigned char head[4] = {tag};
	size_t n = 1;

	if (len >= 256) {
		head[n++] = 0x82;
		head[n++] = (unsigned char)(len >> 8);
	} else if (len >= 128) {
		head[n++] = 0x81;
	}
	head[n++] = (unsigned char)len;
	text_catb(out, (char *)head, n);
}

static void
put(stralloc *out, unsigned char tag, const char *s, size_t len)
{
	put_head(out, tag, len);
	text_catb(out, s, len);
}

static void
put_number(stralloc *out, const mpz_t number)
{
	unsigned char bytes[PRIVATE_KEY_BYTES_MAX + 1];
	size_t len = nettle_mpz_sizeinbase_256_s(number); /* with room for the sign */

	nettle_mpz_get_str_256(len, bytes, number);
	put(out, INTEGER, (char *)bytes, len);
	explicit_bzero(bytes, sizeof bytes);
}

/* Make content what stands in a SEQUENCE. */
static void
enclose(stralloc *content)
{
	stralloc whole = {0};

	put(&whole, SEQUENCE, content->s, content->len);
	text_wipe(content);
	stralloc_free(content);
	*content = whole;
}

/* RSAPrivateKey: RFC 8017, A.1.2. */
static void
put_rsa(stralloc *out, const struct private_key *key)
{
	text_catb(out, "\x02\x01\x00", 3);
	put_number(out, key->rsa_public.n);
	put_number(out, key->rsa_public.e);
	put_number(out, key->rsa.d);
	put_number(out, key->rsa.p);
	put_number(out, key->rsa.q);
	put_number(out, key->rsa.a);
	put_number(out, key->rsa.b);
	put_number(out, key->rsa.c);
	enclose(out);
}

void
key_make_file(stralloc *out, const struct private_key *key)
{
	stralloc der = {0}, inner = {0}, base64 = {0};
	size_t at, len;

	text_catb(&der, "\x02\x01\x00", 3);
	if (key->kind == KEY_RECORD_RSA) {
		text_catb(&der, rsa_algorithm, sizeof rsa_algorithm - 1);
		put_rsa(&inner, key);
	} else {
		text_catb(&der, ed25519_algorithm, sizeof ed25519_algorithm - 1);
		put(&inner, OCTETS, (const char *)key->seed, sizeof key->seed);
	}
	put(&der, OCTETS, inner.s, inner.len);
	enclose(&der);
	base64_put(&base64, der.s, der.len);
	text_cat(out, "-----BEGIN PRIVATE KEY-----\n", (char *)NULL);
	for (at = 0; at < base64.len; at += len) {
		len = base64.len - at < PEM_COLUMNS ? base64.len - at : PEM_COLUMNS;
		text_catb(out, base64.s + at, len);
		text_cat(out, "\n", (char *)NULL);
	}
	text_cat(out, "-----END PRIVATE KEY-----\n", (char *)NULL);
	text_wipe(&base64);
	text_wipe(&inner);
	text_wipe(&der);
	stralloc_free(&base64);
	stralloc_free(&inner);
	stralloc_free(&der);
}

/* SubjectPublicKeyInfo: RFC 5280, 4.1. */
static void
put_rsa_public(stralloc *out, const struct private_key *key)
{
	stralloc inner = {0};

	put_number(&inner, key->rsa_public.n);
	put_number(&inner, key->rsa_public.e);
	enclose(&inner);
	text_catb(out, rsa_algorithm, sizeof rsa_algorithm - 1);
	put_head(out, BITS, inner.len + 1);
	text_catb(out, "", 1); /* no bits unused */
	text_catb(out, inner.s, inner.len);
	enclose(out);
	stralloc_free(&inner);
}

void
key_make_record(stralloc *out, const struct private_key *key)
{
	stralloc der = {0};

	if (key->kind == KEY_RECORD_RSA)
		put_rsa_public(&der, key);
	else
		text_catb(
		    &der, (const char *)key->ed25519_public, sizeof key->ed25519_public);
	text_cat(out, "v=DKIM1; k=", key->kind == KEY_RECORD_RSA ? "rsa" : "ed25519",
	    "; p=", (char *)NULL);
	base64_put(out, der.s, der.len);
	stralloc_free(&der);
}
