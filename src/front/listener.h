#ifndef FRONT_LISTENER_H
#define FRONT_LISTENER_H

/* The socket that a server listens on, and what its connections are told of themselves.
 */

#include <netinet/in.h>

/* An address of either kind. */
union listener_address {
	struct sockaddr any;
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;
};

/*
 * Listen on ip, an IPv4 or IPv6 address or "0" for all of both kinds, and a port, 0 for
 * any that is free.  Returns a close-on-exec descriptor that does not block, or -1 with
 * errno, EINVAL when ip is no address.
 */
int listener_open(const char *ip, unsigned port, unsigned backlog);

/* The port that it listens on; 0 with errno when that can't be known. */
unsigned listener_port(int fd);

/*
 * Set PROTO, TCPLOCALIP, TCPLOCALPORT, TCPREMOTEIP and TCPREMOTEPORT for the connection
 * fd, which comes from remote.  Returns 0, or -1 with errno.
 */
int listener_describe(int fd, const union listener_address *remote);

#endif
