#ifndef TLS_WRAP_USABLE_H
#define TLS_WRAP_USABLE_H

/* Whether there is a certificate, told to those who would offer TLS. */

#include <openssl/ssl.h>

#define WRAP_USABLE_SECONDS 5 /* from one look to the next */

/*
 * Bring the certificates that are ready up to date, and put state/tls/unusable there when
 * that for control/me is of no use, or take it away.  Where there is no state/tls nothing
 * is told, and TLS is offered always.
 */
void wrap_usable_look(SSL_CTX *context);

#endif
