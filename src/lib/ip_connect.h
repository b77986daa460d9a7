#ifndef LIB_IP_CONNECT_H
#define LIB_IP_CONNECT_H

/* Connections to services at an address. */

/*
 * Connect to the address (IPv4 as ::ffff:a.b.c.d), within seconds.  Returns a descriptor,
 * close-on-exec and non-blocking, or -1 with errno.
 */
int ip_connect(const unsigned char ip[16], unsigned port, unsigned seconds);

#endif
