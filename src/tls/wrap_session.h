#ifndef TLS_WRAP_SESSION_H
#define TLS_WRAP_SESSION_H

/* Sessions with servers, kept so that later connections resume them. */

#include <openssl/ssl.h>

#include "tls/tls_request.h"

#define WRAP_SESSION_SECONDS 3600 /* after which a server is judged anew */

/* Let context, of the client's side, keep its sessions, where there is a place for it. */
void wrap_session_begin(SSL_CTX *context);

/*
 * Let ssl resume a session that was judged as the request wants it, if it has a key for
 * it; and keep the one that comes of it.
 */
void wrap_session_apply(SSL *ssl, const struct tls_request *request);

#endif
