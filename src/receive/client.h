#ifndef RECEIVE_CLIENT_H
#define RECEIVE_CLIENT_H

#include <stddef.h>

/*
 * Is ip (a C string, or null) in control/NAME, a list of addresses and networks?  1, 0,
 * or -1 with errno when the list can't be read.  A malformed line grants nothing and is
 * logged.
 */
int client_is_listed(const char *name, const char *ip);

/*
 * May this connection's client send to other domains: is RELAYCLIENT set, is AUTHUSER, or
 * is TCPREMOTEIP in control/relayclients?  1, 0, or -1 after having logged why it is not
 * known.  Remembers the answer.
 */
int client_is_authorised(void);

/* The environment tells of another client from now on. */
void client_forget(void);

#define CLIENT_NETWORK_MAX 48

/*
 * Write the network in which ip lies, "192.0.2.0/24", cut to v4 or v6 bits, to s, which
 * holds CLIENT_NETWORK_MAX bytes; "unknown" when ip is null or no address.  Returns s.
 */
const char *client_network(char *s, const char *ip, unsigned v4, unsigned v6);

#endif
