#include <gmp.h>
#include <nettle/asn1.h>
#include <nettle/bignum.h>
#include <nettle/eddsa.h>
#include <nettle/pkcs1.h>
#include <nettle/rsa.h>

#include "dkim/public_key.h"

#define EXPONENT_BITS_MAX 64 /* what keys have is 17; a huge one costs seconds */

/*
 * A SubjectPublicKeyInfo (RFC 5280, 4.1), as everybody publishes it; or the RSAPublicKey
 * in it (RFC 8017, A.1.1) alone, as RFC 6376 says.
 */
static int
read_rsa(struct rsa_public_key *key, const struct key_record *record)
{
	static const unsigned char rsa_oid[] = {
	    0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1};
	struct asn1_der_iterator outer, inner;
	size_t i;

	if (asn1_der_iterator_first(&outer, record->len, record->bytes) !=
		ASN1_ITERATOR_CONSTRUCTED ||
	    outer.type != ASN1_SEQUENCE)
		return 0;
	switch (asn1_der_decode_constructed_last(&outer)) {
	case ASN1_ITERATOR_PRIMITIVE:
		asn1_der_iterator_first(&outer, record->len, record->bytes);
		return rsa_public_key_from_der_iterator(key, PUBLIC_KEY_BITS_MAX, &outer);
	case ASN1_ITERATOR_CONSTRUCTED:
		break;
	default:
		return 0;
	}
	if (outer.type != ASN1_SEQUENCE ||
	    asn1_der_decode_constructed(&outer, &inner) != ASN1_ITERATOR_PRIMITIVE ||
	    inner.type != ASN1_IDENTIFIER || inner.length != sizeof rsa_oid)
		return 0;
	for (i = 0; i < sizeof rsa_oid; i++)
		if (inner.data[i] != rsa_oid[i])
			return 0;
	if (asn1_der_iterator_next(&outer) != ASN1_ITERATOR_PRIMITIVE ||
	    outer.type != ASN1_BITSTRING ||
	    asn1_der_decode_bitstring_last(&outer) != ASN1_ITERATOR_CONSTRUCTED)
		return 0;
	return rsa_public_key_from_der_iterator(key, PUBLIC_KEY_BITS_MAX, &outer);
}

static const char *
verify_rsa(const struct key_record *record, const unsigned char hash[32],
    const unsigned char *s, size_t len, int *is_unusable, unsigned *bits)
{
	struct rsa_public_key key;
	const char *wrong = NULL;
	mpz_t number;

	rsa_public_key_init(&key);
	mpz_init(number);
	*is_unusable = 1;
	if (!read_rsa(&key, record)) {
		wrong = "the key is malformed";
	} else {
		*bits = (unsigned)mpz_sizeinbase(key.n, 2);
		if (*bits < PUBLIC_KEY_BITS_MIN)
			wrong = "the key is too short";
		else if (*bits > PUBLIC_KEY_BITS_MAX ||
			 mpz_sizeinbase(key.e, 2) > EXPONENT_BITS_MAX)
			wrong = "the key is too long";
		else if (!rsa_public_key_prepare(&key) || mpz_even_p(key.n))
			wrong = "the key is malformed";
	}
	if (wrong == NULL) {
		*is_unusable = 0;
		nettle_mpz_set_str_256_u(number, len, s);
		if (len > key.size || !rsa_sha256_verify_digest(&key, hash, number))
			wrong = "the signature does not match";
	}
	mpz_clear(number);
	rsa_public_key_clear(&key);
	return wrong;
}

const char *
public_key_verify(const struct key_record *record, const unsigned char hash[32],
    const unsigned char *s, size_t len, int *is_unusable, unsigned *bits)
{
	*bits = 0;
	if (record->kind == KEY_RECORD_RSA)
		return verify_rsa(record, hash, s, len, is_unusable, bits);
	*bits = 256;
	*is_unusable = record->len != ED25519_KEY_SIZE;
	if (*is_unusable)
		return "the key is malformed";
	if (len != ED25519_SIGNATURE_SIZE ||
	    !ed25519_sha512_verify(record->bytes, 32, hash, s))
		return "the signature does not match";
	return NULL;
}
