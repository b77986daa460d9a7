#ifndef TLS_WRAP_TICKET_H
#define TLS_WRAP_TICKET_H

#include <openssl/ssl.h>

#define WRAP_TICKET_SECONDS                                                              \
	43200 /* that a key is used; for as long again it is known                       \
	       */

/*
 * Let sessions be resumed by tickets (RFC 5077; RFC 8446, 2.2), so that no process needs
 * to know of another.  The keys are in tls/tickets, and are replaced there when they are
 * old.  Without that folder, or when it can't be used, there are no tickets.
 */
void wrap_ticket_enable(SSL_CTX *context);

#endif
