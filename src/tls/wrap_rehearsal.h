#ifndef TLS_WRAP_REHEARSAL_H
#define TLS_WRAP_REHEARSAL_H

#include <openssl/ssl.h>

/*
 * Make a handshake between ourselves, with a key made for that and forgotten, so that
 * OpenSSL has looked up all that it will need, once for all processes to come.  Of
 * context only what it is set to counts, and that does not change.  That it fails
 * harms nobody.
 */
void wrap_rehearsal(SSL_CTX *context);

#endif
