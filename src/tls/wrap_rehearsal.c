#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include "tls/wrap_rehearsal.h"

#define ROUNDS 10     /* of talk, more than a handshake has */
#define BITS 2048     /* of an RSA key, which many certificates have */
#define LIFETIME 3600 /* of the certificate, in seconds */

/* The key as it comes out of a file: finding who can read it is the dearest part. */
static EVP_PKEY *
reread(EVP_PKEY *key)
{
	BIO *file = BIO_new(BIO_s_mem());
	EVP_PKEY *read = NULL;

	if (file != NULL &&
	    PEM_write_bio_PrivateKey(file, key, NULL, NULL, 0, NULL, NULL))
		read = PEM_read_bio_PrivateKey(file, NULL, NULL, NULL);
	BIO_free(file);
	return read;
}

static X509 *
certify(EVP_PKEY *key)
{
	X509 *certificate = X509_new();

	if (certificate != NULL && X509_set_version(certificate, X509_VERSION_3) &&
	    ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1) &&
	    X509_gmtime_adj(X509_getm_notBefore(certificate), 0) != NULL &&
	    X509_gmtime_adj(X509_getm_notAfter(certificate), LIFETIME) != NULL &&
	    X509_set_pubkey(certificate, key) &&
	    X509_sign(certificate, key, EVP_sha256()))
		return certificate;
	X509_free(certificate);
	return NULL;
}

static void
talk(SSL *server, SSL *client)
{
	unsigned char c;
	int i;

	for (i = 0; i < ROUNDS; i++) {
		SSL_do_handshake(client);
		SSL_do_handshake(server);
	}
	if (SSL_write(server, "", 1) == 1)
		SSL_read(client, &c, 1);
	if (SSL_write(client, "", 1) == 1)
		SSL_read(server, &c, 1);
}

/* Join both ends; they own the two halves of the pipe then. */
static int
join(SSL *server, SSL *client)
{
	BIO *a = NULL, *b = NULL;

	if (!BIO_new_bio_pair(&a, 0, &b, 0))
		return 0;
	SSL_set_bio(server, a, a);
	SSL_set_bio(client, b, b);
	SSL_set_accept_state(server);
	SSL_set_connect_state(client);
	return 1;
}

/* One handshake of that version, the server's key being this. */
static void
play(SSL_CTX *context, SSL_CTX *other, int version, EVP_PKEY *key, X509 *certificate)
{
	SSL *server = SSL_new(context), *client = SSL_new(other);

	if (server != NULL && client != NULL) {
		SSL_set_cert_cb(server, NULL, NULL);
		if (SSL_use_certificate(server, certificate) == 1 &&
		    SSL_use_PrivateKey(server, key) == 1 &&
		    SSL_set_max_proto_version(client, version) && join(server, client))
			talk(server, client);
	}
	SSL_free(server);
	SSL_free(client);
}

static void
play_with(SSL_CTX *context, SSL_CTX *other, EVP_PKEY *made)
{
	EVP_PKEY *key = made != NULL ? reread(made) : NULL;
	X509 *certificate = key != NULL ? certify(key) : NULL;

	if (certificate != NULL) {
		play(context, other, TLS1_3_VERSION, key, certificate);
		play(context, other, TLS1_2_VERSION, key, certificate);
	}
	X509_free(certificate);
	EVP_PKEY_free(key);
	EVP_PKEY_free(made);
}

void
wrap_rehearsal(SSL_CTX *context, SSL_CTX *other)
{
	play_with(context, other, EVP_EC_gen("P-256"));
	play_with(context, other, EVP_RSA_gen(BITS));
	ERR_clear_error();
}
