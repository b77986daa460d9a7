#ifndef TLS_WRAP_CONTEXT_H
#define TLS_WRAP_CONTEXT_H

#include <openssl/ssl.h>

/* What OpenSSL shall do for the server side.  Returns null when it can't. */
SSL_CTX *wrap_context_server(void);

#endif
