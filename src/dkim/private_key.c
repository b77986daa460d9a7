#include <string.h>

#include <gmp.h>
#include <nettle/asn1.h>
#include <nettle/bignum.h>
#include <nettle/eddsa.h>
#include <nettle/pkcs1.h>

#include "dkim/private_key.h"
#include "dkim/public_key.h"
#include "lib/base64.h"

#define BEGIN "-----BEGIN "
#define END "-----END "
#define PKCS1 "RSA PRIVATE KEY-----"
#define PKCS8 "PRIVATE KEY-----"

static const unsigned char rsa_oid[] = {0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1};
static const unsigned char ed25519_oid[] = {0x2b, 0x65, 0x70};

void
private_key_init(struct private_key *key)
{
	memset(key, 0, sizeof *key);
	rsa_public_key_init(&key->rsa_public);
	rsa_private_key_init(&key->rsa);
}

/*
 * Decode the base64 between the lines of the PEM file s[0..len) to der.  Returns its
 * length, or 0 when it is malformed; *is_pkcs1 tells what it is.
 */
static size_t
decode_pem(unsigned char *der, const char *s, size_t len, int *is_pkcs1)
{
	char packed[PRIVATE_KEY_FILE_MAX],
	    bytes[BASE64_DECODED_MAX(PRIVATE_KEY_FILE_MAX)];
	const char *begin, *end;
	size_t n = 0;
	ssize_t r;

	begin = memmem(s, len, BEGIN, strlen(BEGIN));
	if (begin == NULL || len > sizeof packed)
		return 0;
	begin += strlen(BEGIN);
	len -= (size_t)(begin - s);
	*is_pkcs1 = len > strlen(PKCS1) && memcmp(begin, PKCS1, strlen(PKCS1)) == 0;
	if (!*is_pkcs1 &&
	    (len < strlen(PKCS8) || memcmp(begin, PKCS8, strlen(PKCS8)) != 0))
		return 0;
	end = memmem(begin, len, END, strlen(END));
	if (end == NULL)
		return 0;
	for (begin += strlen(*is_pkcs1 ? PKCS1 : PKCS8); begin < end; begin++)
		if (strchr(" \t\r\n", *begin) == NULL)
			packed[n++] = *begin;
	r = base64_decode(bytes, packed, n);
	if (r > 0)
		memcpy(der, bytes, (size_t)r);
	explicit_bzero(packed, sizeof packed);
	explicit_bzero(bytes, sizeof bytes);
	return r > 0 ? (size_t)r : 0;
}

static const char *
read_rsa(struct private_key *key, const unsigned char *der, size_t len)
{
	key->kind = KEY_RECORD_RSA;
	if (!rsa_keypair_from_der(
		&key->rsa_public, &key->rsa, PUBLIC_KEY_BITS_MAX, len, der))
		return "the RSA key is malformed, or too long";
	if (private_key_bits(key) < PUBLIC_KEY_BITS_MIN)
		return "the RSA key is too short";
	return NULL;
}

static const char *
read_ed25519(struct private_key *key, const unsigned char *der, size_t len)
{
	/* an OCTET STRING in the OCTET STRING: RFC 8410, 7 */
	if (len != 2 + sizeof key->seed || der[0] != 4 || der[1] != sizeof key->seed)
		return "the Ed25519 key is malformed";
	key->kind = KEY_RECORD_ED25519;
	memcpy(key->seed, der + 2, sizeof key->seed);
	ed25519_sha512_public_key(key->ed25519_public, key->seed);
	return NULL;
}

/* What is in a PKCS #8 structure: a version, the algorithm's OID, the key's own. */
static const char *
read_pkcs8(struct private_key *key, const unsigned char *der, size_t len)
{
	struct asn1_der_iterator outer, algorithm;

	if (asn1_der_iterator_first(&outer, len, der) != ASN1_ITERATOR_CONSTRUCTED ||
	    outer.type != ASN1_SEQUENCE ||
	    asn1_der_decode_constructed_last(&outer) != ASN1_ITERATOR_PRIMITIVE ||
	    outer.type != ASN1_INTEGER ||
	    asn1_der_iterator_next(&outer) != ASN1_ITERATOR_CONSTRUCTED ||
	    outer.type != ASN1_SEQUENCE ||
	    asn1_der_decode_constructed(&outer, &algorithm) != ASN1_ITERATOR_PRIMITIVE ||
	    algorithm.type != ASN1_IDENTIFIER ||
	    asn1_der_iterator_next(&outer) != ASN1_ITERATOR_PRIMITIVE ||
	    outer.type != ASN1_OCTETSTRING)
		return "the key is malformed";
	if (algorithm.length == sizeof rsa_oid &&
	    memcmp(algorithm.data, rsa_oid, sizeof rsa_oid) == 0)
		return read_rsa(key, outer.data, outer.length);
	if (algorithm.length == sizeof ed25519_oid &&
	    memcmp(algorithm.data, ed25519_oid, sizeof ed25519_oid) == 0)
		return read_ed25519(key, outer.data, outer.length);
	return "the key is neither RSA nor Ed25519";
}

const char *
private_key_read(struct private_key *key, const char *s, size_t len)
{
	unsigned char der[BASE64_DECODED_MAX(PRIVATE_KEY_FILE_MAX)];
	const char *wrong;
	int is_pkcs1 = 0;

	len = decode_pem(der, s, len, &is_pkcs1);
	if (len == 0)
		return "it is no private key in PEM";
	wrong = is_pkcs1 ? read_rsa(key, der, len) : read_pkcs8(key, der, len);
	explicit_bzero(der, sizeof der);
	return wrong;
}

/*
 * The root by the Chinese remainder theorem (RFC 8017, 5.1.2).  mpz_powm_sec takes the
 * same time for whatever number; nettle's own function that does so takes twice as long,
 * for it is made for numbers that a peer chooses, and ours is the hash of what we say.
 */
static void
compute_root(const struct private_key *key, mpz_t root, const mpz_t number)
{
	mpz_t of_q;

	mpz_init(of_q);
	mpz_powm_sec(root, number, key->rsa.a, key->rsa.p);
	mpz_powm_sec(of_q, number, key->rsa.b, key->rsa.q);
	mpz_sub(root, root, of_q);
	mpz_mul(root, root, key->rsa.c);
	mpz_mod(root, root, key->rsa.p);
	mpz_mul(root, root, key->rsa.q);
	mpz_add(root, root, of_q);
	mpz_clear(of_q);
}

static size_t
sign_rsa(const struct private_key *key, const unsigned char hash[32], unsigned char *out)
{
	size_t len = key->rsa_public.size;
	mpz_t number, root;

	mpz_inits(number, root, NULL);
	if (!pkcs1_rsa_sha256_encode_digest(number, len, hash)) {
		len = 0;
	} else {
		compute_root(key, root, number);
		/* A root that went wrong would tell the key. */
		if (rsa_sha256_verify_digest(&key->rsa_public, hash, root))
			nettle_mpz_get_str_256(len, out, root);
		else
			len = 0;
	}
	mpz_clears(number, root, NULL);
	return len;
}

size_t
private_key_sign(
    const struct private_key *key, const unsigned char hash[32], unsigned char *out)
{
	if (key->kind == KEY_RECORD_RSA)
		return sign_rsa(key, hash, out);
	ed25519_sha512_sign(key->ed25519_public, key->seed, 32, hash, out);
	return ED25519_SIGNATURE_SIZE;
}

unsigned
private_key_bits(const struct private_key *key)
{
	return key->kind == KEY_RECORD_RSA
		   ? (unsigned)mpz_sizeinbase(key->rsa_public.n, 2)
		   : 256;
}

static void
wipe(mpz_t number)
{
	size_t limbs = mpz_size(number);

	if (limbs > 0)
		explicit_bzero(mpz_limbs_modify(number, (mp_size_t)limbs),
		    limbs * sizeof(mp_limb_t));
}

void
private_key_free(struct private_key *key)
{
	wipe(key->rsa.d);
	wipe(key->rsa.p);
	wipe(key->rsa.q);
	wipe(key->rsa.a);
	wipe(key->rsa.b);
	wipe(key->rsa.c);
	rsa_public_key_clear(&key->rsa_public);
	rsa_private_key_clear(&key->rsa);
	explicit_bzero(key, sizeof *key);
}
