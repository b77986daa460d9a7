#ifndef WAY_OWN_HOST_H
#define WAY_OWN_HOST_H

/* Whether an address is our own, lest mail loops. */

/*
 * Would a connection to this address (IPv4 as ::ffff:a.b.c.d) and port come to our own
 * smtp service?  Where that listens is read from service/smtp/env; port 25 of
 * every address when that can't be read.
 */
int own_host_is(const unsigned char ip[16], unsigned port);

#endif
