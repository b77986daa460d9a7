#ifndef LIB_CLIENT_H
#define LIB_CLIENT_H

/* Which clients are ours: lists of addresses, and who may send to other domains. */

#include <stddef.h>

#define CLIENT_RULE_OPEN (-2)

/*
 * Does ip lie in rule, a line of such a list: an address or ADDRESS/BITS?  One for all
 * addresses, as 0.0.0.0/0, must have the word "anybody" behind it, because nobody should
 * write it without knowing.  1, 0, -1 when it is malformed, CLIENT_RULE_OPEN when only
 * the word is missing.
 */
int client_rule_matches(const unsigned char ip[16], const char *rule);

/*
 * Is ip (a C string, or null) in control/NAME, a list of addresses and networks?  1, 0,
 * or -1 with errno when the list can't be read.  A malformed line grants nothing and is
 * logged.
 */
int client_is_listed(const char *name, const char *ip);

/* A client, as the environment of its connection tells of it. */
struct client {
	const char *ip;     /* TCPREMOTEIP, or null */
	const char *user;   /* AUTHUSER, null when it is empty */
	int is_relayclient; /* RELAYCLIENT is set */
	int may_relay;      /* -1: not yet known */
};

/* Fill it from variables in the form of environ, which it points into. */
void client_take(struct client *c, char *const *variables);

/*
 * May it send to other domains: is it a RELAYCLIENT, has it a user, or is its address in
 * control/relayclients?  1, 0, or -1 after having logged why it is not known.  Remembers
 * the answer.
 */
int client_may_relay(struct client *c);

/* The same for the client of this process. */
int client_is_authorised(void);

#define CLIENT_NETWORK_MAX 48

/*
 * Write the network in which ip lies, "192.0.2.0/24", cut to v4 or v6 bits, to s, which
 * holds CLIENT_NETWORK_MAX bytes; "unknown" when ip is null or no address.  Returns s.
 */
const char *client_network(char *s, const char *ip, unsigned v4, unsigned v6);

#endif
