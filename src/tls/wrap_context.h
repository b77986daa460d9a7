#ifndef TLS_WRAP_CONTEXT_H
#define TLS_WRAP_CONTEXT_H

/* OpenSSL's settings. */

#include <openssl/ssl.h>

/*
 * What OpenSSL shall do for the server side.  Returns null when it can't.
 * *certificate_is_missing will be set when there is none for a client.
 */
SSL_CTX *wrap_context_server(int *certificate_is_missing);

/*
 * Only protocol, which must outlive context, is spoken on it: a client that offers others
 * only, by ALPN (RFC 7301), is refused: it may be somebody's web browser.
 */
void wrap_context_expect(SSL_CTX *context, const char *protocol);

#endif
