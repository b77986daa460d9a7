#ifndef TLS_WRAP_PROXY_H
#define TLS_WRAP_PROXY_H

/* The bytes between clear text and TLS, in both directions. */

#include <openssl/ssl.h>

#define WRAP_IDLE_SECONDS 90000 /* longer than any deadline of those whom we serve */
#define WRAP_FLUSH_SECONDS 300  /* for the peer to take the last words */
#define WRAP_LINGER_SECONDS 5   /* for the peer to close after us */

/* What went through. */
struct wrap_traffic {
	unsigned long long in;  /* bytes from the network */
	unsigned long long out; /* to it */
};

/*
 * Carry clear text between clear and ssl, whose descriptor net does not block, until
 * either side has ended and all that it said has been handed on.  Once clear has closed
 * the peer is waited for no longer than until there is something to read on next (-1:
 * nothing can be).  Returns why it is over, in words: "closed" is as it should be,
 * "truncated" an end without close_notify.
 */
const char *wrap_proxy(
    SSL *ssl, int net, int clear, int next, struct wrap_traffic *traffic);

#endif
