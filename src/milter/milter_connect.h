#ifndef MILTER_MILTER_CONNECT_H
#define MILTER_MILTER_CONNECT_H

/* Where a milter is, and the connection to it. */

#include <sys/un.h>

struct milter_address {
	int is_ip;
	unsigned char ip[16];
	unsigned port;
	char path[sizeof(((struct sockaddr_un *)NULL)->sun_path)];
};

/*
 * Parse inet:HOST:PORT, inet6:HOST:PORT, inet:PORT@HOST as milters are told it, HOST
 * being an address, perhaps in brackets, or "localhost"; or unix:PATH, local:PATH.
 * Returns 1, or 0 when it is none of these.
 */
int milter_connect_parse(struct milter_address *address, const char *s);

/* Connect, within seconds.  Returns the descriptor, or -1 with *why, a constant, and
 * errno, or 0. */
int milter_connect(const char *address, unsigned seconds, const char **why);

#endif
