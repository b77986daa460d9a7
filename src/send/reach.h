#ifndef SEND_REACH_H
#define SEND_REACH_H

/* A connection to a host that has several addresses, of which some are out of reach. */

#include "send/dead_hosts.h"
#include "send/race.h"
#include "send/remote_session.h"
#include "way/target.h"

#define REACH_NONE RESOLVER_ADDRESSES

/* What is remembered from one host to the next.  Zeroed to begin with. */
struct reach {
	struct dead_hosts dead;
	struct race_memory race;
};

/* One host, and which of its addresses have had their turn. */
struct reach_host {
	const struct target *target;
	const struct bind_address *source;
	unsigned seconds; /* for each connection */
	int is_used[RESOLVER_ADDRESSES];
	size_t last;     /* the address of the session, or REACH_NONE */
	unsigned failed; /* addresses that cost an attempt, added up */
};

/* Is there an address, or path, that has not had its turn? */
int reach_has_more(const struct reach_host *host);

/*
 * Servers that have judged the mail under way, whatever their names are.  Zeroed to begin
 * with; asked.len = 0 for the next mail.
 */
struct reach_asked {
	stralloc list; /* "ADDRESS PORT" each, ended by \0 */
};

/* The server of the session, whose port it is (0: a path), has judged. */
void reach_note(struct reach_asked *asked, const struct remote_session *s, unsigned port);

/* Those of the host's addresses that have judged have had their turn. */
void reach_leave_out(struct reach_host *host, const struct reach_asked *asked);

/*
 * Connect the session s, which is closed, to an address that has not had its turn, or,
 * with again, to the last one.  most: how many addresses may have theirs.  Each address
 * that is not reached is logged.  Returns 0; or -1, with what went wrong merged into
 * fault.
 */
int reach_connect(struct reach *reach, struct reach_host *host, struct remote_session *s,
    int again, unsigned most, struct outcome *fault);

/* Our own address of the session's connection into ip: 1, or 0. */
int reach_own_address(const struct remote_session *s, unsigned char ip[16]);

#endif
