#ifndef TLS_WRAP_OUTWARD_H
#define TLS_WRAP_OUTWARD_H

/* OpenSSL's settings for the client's side. */

#include <openssl/ssl.h>

#include "tls/wrap_verify.h"

/* What OpenSSL shall do for the client's side.  Returns null when it can't. */
SSL_CTX *wrap_outward_context(void);

/*
 * Make *ssl for the one connection that context will have, as verify->request wants it.
 * verify must outlive it.  Returns 0; or *wrong says why it can't:
 */
#define WRAP_OUTWARD_OURS -1     /* something of ours is not as it should be */
#define WRAP_OUTWARD_UNUSABLE -2 /* no TLSA record is of use */
int wrap_outward_begin(
    SSL **ssl, SSL_CTX *context, struct wrap_verify *verify, const char **wrong);

#endif
