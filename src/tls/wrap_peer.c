#include <string.h>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/x509v3.h>

#include "tls/wrap_peer.h"

#define NAME_CHARACTERS                                                                  \
	"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.*"
#define NAME_MAX_DNS 255

/* Add a name, if it is one and there is room: the new length. */
static size_t
add(char names[WRAP_PEER_NAMES], size_t at, const char *s, size_t len)
{
	size_t i;

	if (len == 0 || len > NAME_MAX_DNS || len + 2 > WRAP_PEER_NAMES - at)
		return at;
	for (i = 0; i < len; i++)
		if (s[i] == '\0' || strchr(NAME_CHARACTERS, s[i]) == NULL)
			return at;
	if (at > 0)
		names[at++] = ',';
	memcpy(names + at, s, len);
	return at + len;
}

void
wrap_peer_names(const X509 *certificate, char names[WRAP_PEER_NAMES])
{
	GENERAL_NAMES *all =
	    X509_get_ext_d2i(certificate, NID_subject_alt_name, NULL, NULL);
	const GENERAL_NAME *name;
	size_t at = 0;
	int i;

	for (i = 0; i < sk_GENERAL_NAME_num(all); i++) {
		name = sk_GENERAL_NAME_value(all, i);
		if (name->type == GEN_DNS)
			at = add(names, at,
			    (const char *)ASN1_STRING_get0_data(name->d.dNSName),
			    (size_t)ASN1_STRING_length(name->d.dNSName));
	}
	names[at] = '\0';
	GENERAL_NAMES_free(all);
}

static void
write_hex(char hex[WRAP_PEER_HEX], const unsigned char *digest, size_t len)
{
	static const char digits[] = "0123456789abcdef";
	size_t i;

	for (i = 0; i < len; i++) {
		hex[2 * i] = digits[digest[i] >> 4];
		hex[2 * i + 1] = digits[digest[i] & 15];
	}
	hex[2 * i] = '\0';
}

void
wrap_peer_digest(X509 *certificate, char hex[WRAP_PEER_HEX])
{
	unsigned char digest[EVP_MAX_MD_SIZE];
	unsigned len = 0;

	hex[0] = '\0';
	if (X509_digest(certificate, EVP_sha256(), digest, &len) && len == 32)
		write_hex(hex, digest, len);
}

void
wrap_peer_key_digest(const X509 *certificate, char hex[WRAP_PEER_HEX])
{
	unsigned char digest[EVP_MAX_MD_SIZE], *der = NULL;
	int size = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate), &der);
	unsigned len = 0;

	hex[0] = '\0';
	if (size > 0 && EVP_Digest(der, (size_t)size, digest, &len, EVP_sha256(), NULL) &&
	    len == 32)
		write_hex(hex, digest, len);
	OPENSSL_free(der);
}
