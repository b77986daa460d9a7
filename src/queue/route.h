#ifndef QUEUE_ROUTE_H
#define QUEUE_ROUTE_H

#include <stddef.h>

#include <stralloc.h>

#include "lib/users.h"

enum route_channel { ROUTE_LOCAL, ROUTE_REMOTE, ROUTE_CHANNELS };

/*
 * Which channel leads to an address: users/users.cdb, opened anew when it has changed.
 * Zeroed to begin with.
 */
struct route {
	struct users users;
	int begun;
	int trouble;     /* why it can't be opened: an errno, 0 when it is */
	stralloc domain; /* of the last address asked for, lower case, C string */
};

/* Look whether the file has changed. */
void route_refresh(struct route *route);

/*
 * Find the channel for address, and put its domain into route->domain.  An address
 * without a domain is local.  Returns 1, or 0 when our domains are not known at the
 * moment.
 */
int route_find(struct route *route, const char *address, enum route_channel *channel);

#endif
