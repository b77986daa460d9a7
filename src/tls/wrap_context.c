#include <string.h>

#include "tls/wrap_certificate.h"
#include "tls/wrap_context.h"

/*
 * With forward secrecy only; the last ones, with CBC, are for the mail servers of 2012
 * that would otherwise come without TLS.
 */
#define CIPHERS_1_2 "ECDHE+AESGCM:ECDHE+CHACHA20:ECDHE+AES:!aNULL"
/*
 * The key exchange is worth 128 bits with each of the usual groups, so a longer key of
 * the cipher makes nothing safer; but its hash, SHA-384, of which a handshake is full,
 * takes several times as long.  This one is mandatory: RFC 8446, 9.1.
 */
#define CIPHERS_1_3                                                                      \
	"TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256"
#define GROUPS "X25519:P-256:P-384:P-521"
#define SESSION_NAME                                                                     \
	"facteur" /* a session is good for all services: one process has one */

/* What one handshake does not need costs the start-up: texts of errors, openssl.cnf. */
#define START_UP                                                                         \
	(OPENSSL_INIT_NO_LOAD_SSL_STRINGS | OPENSSL_INIT_NO_LOAD_CRYPTO_STRINGS |        \
	    OPENSSL_INIT_NO_LOAD_CONFIG | OPENSSL_INIT_NO_ATEXIT)

static int
accept_name(SSL *ssl, int *alert, void *argument)
{
	(void)ssl;
	(void)alert;
	(void)argument;
	return SSL_TLSEXT_ERR_OK;
}

SSL_CTX *
wrap_context_server(int *certificate_is_missing)
{
	SSL_CTX *context;

	if (!OPENSSL_init_ssl(START_UP, NULL))
		return NULL;
	context = SSL_CTX_new(TLS_server_method());
	if (context == NULL || !SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) ||
	    !SSL_CTX_set_cipher_list(context, CIPHERS_1_2) ||
	    !SSL_CTX_set_ciphersuites(context, CIPHERS_1_3) ||
	    !SSL_CTX_set1_groups_list(context, GROUPS) ||
	    !SSL_CTX_set_session_id_context(
		context, (const unsigned char *)SESSION_NAME, sizeof(SESSION_NAME) - 1))
		return NULL;
	SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION |
					 SSL_OP_CIPHER_SERVER_PREFERENCE |
					 SSL_OP_PRIORITIZE_CHACHA);
	SSL_CTX_set_mode(
	    context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
	/* the head of a record and its body by one call */
	SSL_CTX_set_read_ahead(context, 1);
	SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
	SSL_CTX_set_tlsext_servername_callback(context, accept_name);
	SSL_CTX_set_cert_cb(context, wrap_certificate_choose, certificate_is_missing);
	return context;
}

/* Take the one that we speak from a list of names, each after its length. */
static int
choose_protocol(SSL *ssl, const unsigned char **chosen, unsigned char *len,
    const unsigned char *offered, unsigned size, void *argument)
{
	const char *protocol = argument;
	unsigned at;

	(void)ssl;
	for (at = 0; at < size && offered[at] < size - at; at += 1 + offered[at]) {
		if (offered[at] != strlen(protocol) ||
		    memcmp(offered + at + 1, protocol, offered[at]) != 0)
			continue;
		*chosen = offered + at + 1;
		*len = offered[at];
		return SSL_TLSEXT_ERR_OK;
	}
	return SSL_TLSEXT_ERR_ALERT_FATAL;
}

void
wrap_context_expect(SSL_CTX *context, const char *protocol)
{
	SSL_CTX_set_alpn_select_cb(context, choose_protocol, (void *)protocol);
}
