#ifndef TLS_WRAP_REHEARSAL_H
#define TLS_WRAP_REHEARSAL_H

/* A handshake with ourselves, so that OpenSSL is warm. */

#include <openssl/ssl.h>

/*
 * Make a handshake between ourselves, other being the client's side, with a key made for
 * that and forgotten, so that OpenSSL has looked up all that it will need, once for all
 * processes to come.  Of both only what they are set to counts, and that does not
 * change.  That it fails harms nobody.
 */
void wrap_rehearsal(SSL_CTX *context, SSL_CTX *other);

#endif
