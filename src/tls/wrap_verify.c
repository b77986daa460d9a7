#include <arpa/inet.h>
#include <string.h>
#include <strings.h>

#include <openssl/err.h>
#include <openssl/x509v3.h>

#include "tls/wrap_authorities.h"
#include "tls/wrap_peer.h"
#include "tls/wrap_verify.h"

#define USAGE_TA 2 /* RFC 7671, 2.1; 0 and 1 mean nothing for mail: RFC 7672, 3.1.3 */
#define USAGE_EE 3

/*
 * OpenSSL's levels: 112 bits where somebody else vouches for the server, 80 where its key
 * is known beforehand; and what is encrypted without a look at who it is for is better
 * than clear text in any case.
 */
#define LEVEL_VERIFIED 2
#define LEVEL_KNOWN 1
#define LEVEL_OTHER 0

static int
is_address(const char *name)
{
	unsigned char ip[16];

	return inet_pton(AF_INET, name, ip) == 1 || inet_pton(AF_INET6, name, ip) == 1;
}

/* A name, or an address, that the certificate must have: beside others, unless it is an
 * address. */
static int
expect(SSL *ssl, const char *name)
{
	if (is_address(name))
		return X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), name);
	return SSL_add1_host(ssl, name);
}

/* Null, or what is wrong. */
static const char *
expect_names(SSL *ssl, const struct tls_request *request)
{
	const char *const *names = request->matches;
	size_t n = request->matches_n, i;

	if (n == 0) {
		names = &request->servername;
		n = 1;
	}
	for (i = 0; i < n; i++) {
		if (n > 1 && is_address(names[i]))
			return "an address to match must be the only name";
		if (!expect(ssl, names[i]))
			return "a name to match is malformed";
	}
	return NULL;
}

static int
value_of(char c)
{
	if (c <= '9')
		return c - '0';
	return (c | 0x20) - 'a' + 10;
}

/* Give ssl a record: 1 when it is of use, 0 when it is not. */
static int
add_record(SSL *ssl, const struct tls_record *record)
{
	static unsigned char data[TLS_REQUEST_MAX / 2];
	size_t len = strlen(record->hex) / 2, i;

	if (record->usage != USAGE_TA && record->usage != USAGE_EE)
		return 0;
	for (i = 0; i < len; i++)
		data[i] = (unsigned char)(value_of(record->hex[2 * i]) << 4 |
					  value_of(record->hex[2 * i + 1]));
	return SSL_dane_tlsa_add(ssl, (uint8_t)record->usage, (uint8_t)record->selector,
		   (uint8_t)record->type, data, len) == 1;
}

/* Null, or what is wrong. */
static const char *
apply_dane(SSL *ssl, const struct tls_request *request, int *ours)
{
	const char *wrong;
	size_t i, usable = 0;

	if (SSL_dane_enable(ssl, request->servername) != 1)
		return "unable to begin with DANE";
	/* RFC 7672, 3.1.1: names mean nothing where the key itself is published */
	SSL_dane_set_flags(ssl, DANE_FLAG_NO_DANE_EE_NAMECHECKS);
	for (i = 0; i < request->records_n; i++)
		usable += add_record(ssl, &request->records[i]) == 1;
	ERR_clear_error();
	if (usable == 0) {
		*ours = 0;
		return "no TLSA record is of use";
	}
	if (!SSL_set1_host(ssl, NULL))
		return "out of memory";
	wrong = expect_names(ssl, request);
	/* RFC 7672, 3.2.3: the subject counts where there are no other names */
	SSL_set_hostflags(ssl, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
	return wrong;
}

static const char *
apply_pkix(SSL_CTX *context, SSL *ssl, const struct tls_request *request)
{
	const char *wrong = wrap_authorities_use(context);

	if (wrong != NULL)
		return wrong;
	/* RFC 6125, 6.4.3 and 6.4.4; RFC 9525, 2 */
	SSL_set_hostflags(ssl,
	    X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS | X509_CHECK_FLAG_NEVER_CHECK_SUBJECT);
	return expect_names(ssl, request);
}

const char *
wrap_verify_apply(struct wrap_verify *verify, SSL_CTX *context, SSL *ssl, int *ours)
{
	const struct tls_request *request = verify->request;

	*ours = 1;
	SSL_CTX_set_cert_verify_callback(context, wrap_verify_judge, verify);
	if (request->verify == TLS_VERIFY_NONE) {
		SSL_set_security_level(ssl, LEVEL_OTHER);
		return NULL;
	}
	SSL_set_verify(ssl, SSL_VERIFY_PEER, NULL);
	if (request->verify == TLS_VERIFY_FINGERPRINT) {
		SSL_set_security_level(ssl, LEVEL_KNOWN);
		return NULL;
	}
	SSL_set_security_level(ssl, LEVEL_VERIFIED);
	return request->verify == TLS_VERIFY_DANE ? apply_dane(ssl, request, ours)
						  : apply_pkix(context, ssl, request);
}

/* Is the certificate, or its key, one of those that are expected? */
static int
has_fingerprint(const struct tls_request *request, X509 *certificate)
{
	char whole[WRAP_PEER_HEX], key[WRAP_PEER_HEX];
	size_t i;

	wrap_peer_digest(certificate, whole);
	wrap_peer_key_digest(certificate, key);
	for (i = 0; i < request->fingerprints_n; i++)
		if (strcasecmp(request->fingerprints[i], whole) == 0 ||
		    strcasecmp(request->fingerprints[i], key) == 0)
			return 1;
	return 0;
}

int
wrap_verify_judge(X509_STORE_CTX *store, void *argument)
{
	X509 *certificate = X509_STORE_CTX_get0_cert(store);
	struct wrap_verify *verify = argument;

	if (verify == NULL)
		return X509_verify_cert(store);
	if (certificate != NULL && X509_up_ref(certificate)) {
		X509_free(verify->certificate);
		verify->certificate = certificate;
	}
	switch (verify->request->verify) {
	case TLS_VERIFY_NONE:
		/* a look at the chain would be paid for nothing */
		return 1;
	case TLS_VERIFY_FINGERPRINT:
		if (certificate != NULL && has_fingerprint(verify->request, certificate))
			return 1;
		X509_STORE_CTX_set_error(store, X509_V_ERR_CERT_REJECTED);
		return 0;
	default:
		return X509_verify_cert(store);
	}
}

const char *
wrap_verify_word(const SSL *ssl)
{
	switch (SSL_get_verify_result(ssl)) {
	case X509_V_OK:
		return "handshake-failure";
	case X509_V_ERR_HOSTNAME_MISMATCH:
	case X509_V_ERR_IP_ADDRESS_MISMATCH:
		return "certificate-host-mismatch";
	case X509_V_ERR_CERT_HAS_EXPIRED:
	case X509_V_ERR_CERT_NOT_YET_VALID:
		return "certificate-expired";
	case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
	case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
	case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
	case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
	case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
	case X509_V_ERR_CERT_UNTRUSTED:
		return "certificate-not-trusted";
	default:
		return "validation-failure";
	}
}

const char *
wrap_verify_reason(const SSL *ssl)
{
	long code = SSL_get_verify_result(ssl);

	if (code == X509_V_OK)
		return NULL;
	if (code == X509_V_ERR_CERT_REJECTED)
		return "the certificate has none of the fingerprints";
	if (code == X509_V_ERR_DANE_NO_MATCH)
		return "no TLSA record matches the certificate";
	return X509_verify_cert_error_string(code);
}

const char *
wrap_verify_name(enum tls_verify verify)
{
	static const char *const names[] = {"none", "pkix", "dane", "fingerprint"};

	return names[verify];
}
