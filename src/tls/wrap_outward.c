#include <arpa/inet.h>
#include <string.h>

#include "tls/wrap_outward.h"
#include "tls/wrap_session.h"

/*
 * Servers are as they are: what they have of these is chosen, with forward secrecy first.
 * Where they are verified OpenSSL's security level takes away what is too weak for that.
 */
#define CIPHERS_1_2                                                                      \
	"ECDHE+AESGCM:ECDHE+CHACHA20:DHE+AESGCM:DHE+CHACHA20:ECDHE+AES:DHE+AES:"         \
	"RSA+AESGCM:RSA+AES:!aNULL:!eNULL"
#define GROUPS "X25519:P-256:P-384:P-521"

SSL_CTX *
wrap_outward_context(void)
{
	SSL_CTX *context = SSL_CTX_new(TLS_client_method());

	if (context == NULL || !SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) ||
	    !SSL_CTX_set_cipher_list(context, CIPHERS_1_2) ||
	    !SSL_CTX_set1_groups_list(context, GROUPS) ||
	    SSL_CTX_dane_enable(context) <= 0)
		return NULL;
	SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
	SSL_CTX_set_mode(
	    context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
	/* the head of a record and its body by one call */
	SSL_CTX_set_read_ahead(context, 1);
	SSL_CTX_set_cert_verify_callback(context, wrap_verify_judge, NULL);
	wrap_session_begin(context);
	return context;
}

/* SNI has names only: RFC 6066, 3. */
static int
name_server(SSL *ssl, const char *name)
{
	unsigned char ip[16];

	if (name == NULL || inet_pton(AF_INET, name, ip) == 1 ||
	    inet_pton(AF_INET6, name, ip) == 1)
		return 1;
	return SSL_set_tlsext_host_name(ssl, name) == 1;
}

/* ALPN, as a list with one name after its length: RFC 7301, 3.1. */
static int
offer_protocol(SSL *ssl, const char *protocol)
{
	unsigned char list[1 + TLS_NAME_MAX];
	size_t len;

	if (protocol == NULL)
		return 1;
	len = strlen(protocol);
	list[0] = (unsigned char)len;
	memcpy(list + 1, protocol, len);
	return SSL_set_alpn_protos(ssl, list, (unsigned)(1 + len)) == 0;
}

int
wrap_outward_begin(
    SSL **ssl, SSL_CTX *context, struct wrap_verify *verify, const char **wrong)
{
	const struct tls_request *request = verify->request;
	int ours;

	*wrong = "out of memory";
	*ssl = SSL_new(context);
	if (*ssl == NULL || !name_server(*ssl, request->servername) ||
	    !offer_protocol(*ssl, request->alpn) ||
	    (request->needs_1_3 && !SSL_set_min_proto_version(*ssl, TLS1_3_VERSION)))
		return WRAP_OUTWARD_OURS;
	*wrong = "no cipher of the list is known";
	if (request->ciphers != NULL && !SSL_set_cipher_list(*ssl, request->ciphers))
		return WRAP_OUTWARD_OURS;
	*wrong = wrap_verify_apply(verify, context, *ssl, &ours);
	if (*wrong != NULL)
		return ours ? WRAP_OUTWARD_OURS : WRAP_OUTWARD_UNUSABLE;
	wrap_session_apply(*ssl, request);
	SSL_set_connect_state(*ssl);
	return 0;
}
