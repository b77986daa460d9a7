#include <string.h>

#include "lib/deadline.h"
#include "lib/text_decimal.h"
#include "tls/wrap_answer.h"
#include "tls/wrap_peer.h"

#define ANSWER_SIZE 2048                         /* TLS_ANSWER_MAX */
#define BINDING_LABEL "EXPORTER-Channel-Binding" /* RFC 9266, 4.1 */
#define BINDING_SIZE 32

/* Records that grow up to a limit, which what we say never reaches. */
struct answer {
	char s[ANSWER_SIZE];
	size_t len;
};

static void
put(struct answer *answer, const char *s, size_t len)
{
	if (len > sizeof(answer->s) - answer->len)
		len = sizeof(answer->s) - answer->len;
	memcpy(answer->s + answer->len, s, len);
	answer->len += len;
}

static void
put_record(struct answer *answer, const char *name, const char *value)
{
	put(answer, name, strlen(name));
	put(answer, value, strlen(value) + 1);
}

/* The peer's own words become part of an environment: nothing but a name does. */
static void
put_name(struct answer *answer, const char *name, const char *value)
{
	if (value != NULL && *value != '\0' && strlen(value) <= 255 &&
	    strspn(value, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
			  "0123456789-_.") == strlen(value))
		put_record(answer, name, value);
}

/*
 * What ties an authentication to this connection.  TLS 1.2 has it only with the extended
 * master secret: RFC 9266, 4.2.
 */
static void
put_binding(struct answer *answer, SSL *ssl)
{
	static const char hex[] = "0123456789abcdef";
	unsigned char binding[BINDING_SIZE];
	char text[2 * BINDING_SIZE + 1];
	size_t i;

	if (SSL_version(ssl) < TLS1_3_VERSION && SSL_get_extms_support(ssl) != 1)
		return;
	if (SSL_export_keying_material(ssl, binding, sizeof(binding), BINDING_LABEL,
		sizeof(BINDING_LABEL) - 1, (const unsigned char *)"", 0, 1) != 1)
		return;
	for (i = 0; i < sizeof(binding); i++) {
		text[2 * i] = hex[binding[i] >> 4];
		text[2 * i + 1] = hex[binding[i] & 15];
	}
	text[2 * i] = '\0';
	put_record(answer, "TLS_EXPORTER=", text);
}

/* Write it as a netstring. */
static int
deliver(int clear, const struct answer *answer)
{
	char netstring[ANSWER_SIZE + DECIMAL_MAX + 2];
	size_t len;

	text_decimal(netstring, answer->len);
	len = strlen(netstring);
	netstring[len++] = ':';
	memcpy(netstring + len, answer->s, answer->len);
	len += answer->len;
	netstring[len++] = ',';
	return deadline_write_all(clear, netstring, len, WRAP_ANSWER_SECONDS);
}

/* What only the client's side wants to know: whom it has met. */
static void
put_server(struct answer *answer, SSL *ssl, const struct wrap_verify *verify)
{
	X509 *certificate = SSL_get0_peer_certificate(ssl);
	int group = SSL_get_negotiated_group(ssl);
	const char *name = group > 0 ? SSL_group_to_name(ssl, group) : NULL;
	char names[WRAP_PEER_NAMES], hex[WRAP_PEER_HEX];

	put_name(answer, "TLS_GROUP=", name);
	put_record(answer, "TLS_VERIFIED=", wrap_verify_name(verify->request->verify));
	if (!SSL_session_reused(ssl))
		put_record(answer, "TLS_RESUMED=", "0");
	if (certificate == NULL)
		return;
	wrap_peer_names(certificate, names);
	if (*names != '\0')
		put_record(answer, "TLS_PEER_NAMES=", names);
	wrap_peer_digest(certificate, hex);
	if (*hex != '\0')
		put_record(answer, "TLS_SHA256=", hex);
}

int
wrap_answer_accept(int clear, SSL *ssl, const struct wrap_verify *verify)
{
	struct answer answer = {.len = 0};
	const unsigned char *protocol;
	char alpn[256], bits[DECIMAL_MAX];
	unsigned len;

	put(&answer, "K", 1);
	put_record(&answer, "TLS_VERSION=", SSL_get_version(ssl));
	put_record(&answer,
	    "TLS_CIPHER=", SSL_CIPHER_standard_name(SSL_get_current_cipher(ssl)));
	put_record(&answer, "TLS_CIPHER_BITS=",
	    text_decimal(bits, (unsigned)SSL_get_cipher_bits(ssl, NULL)));
	put_name(&answer, "TLS_SNI=", SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name));
	SSL_get0_alpn_selected(ssl, &protocol, &len);
	if (len > 0 && len < sizeof(alpn)) {
		memcpy(alpn, protocol, len);
		alpn[len] = '\0';
		put_name(&answer, "TLS_ALPN=", alpn);
	}
	if (SSL_session_reused(ssl))
		put_record(&answer, "TLS_RESUMED=", "1");
	if (verify != NULL)
		put_server(&answer, ssl, verify);
	put_binding(&answer, ssl);
	return deliver(clear, &answer);
}

int
wrap_answer_refuse(int clear, char letter, const char *reason)
{
	struct answer answer = {.len = 0};

	put(&answer, &letter, 1);
	put(&answer, reason, strlen(reason));
	return deliver(clear, &answer);
}

int
wrap_answer_fail(int clear, const char *status, const char *word, const char *reason)
{
	struct answer answer = {.len = 0};

	put(&answer, "Z", 1);
	put(&answer, status, strlen(status));
	put(&answer, " ", 1);
	put(&answer, word, strlen(word));
	put(&answer, ": ", 2);
	put(&answer, reason, strlen(reason));
	return deliver(clear, &answer);
}
