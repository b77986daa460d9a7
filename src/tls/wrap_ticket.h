#ifndef TLS_WRAP_TICKET_H
#define TLS_WRAP_TICKET_H

#include <openssl/ssl.h>

#define WRAP_TICKET_SECONDS                                                              \
	43200 /* that a key is used; for as long again it is known                       \
	       */

/*
 * Let sessions be resumed by tickets (RFC 5077; RFC 8446, 2.2), so that no process needs
 * to know of another.  The keys are in tls/tickets, and are replaced there when they are
 * old.
 */
void wrap_ticket_begin(SSL_CTX *context);

/* No tickets for ssl, if none are wanted, or that folder can't be used. */
void wrap_ticket_apply(SSL *ssl, int wanted);

#endif
