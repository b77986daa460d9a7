#ifndef QUEUE_QUEUE_ROUTE_H
#define QUEUE_QUEUE_ROUTE_H

#include <stddef.h>
#include <sys/stat.h>

#include <stralloc.h>

#include "lib/users.h"
#include "queue/queue_destination.h"

/* Which channel leads to an address: users/users.cdb, opened anew when it has changed. */
struct queue_route {
	struct users users;
	struct stat seen; /* of the open file */
	int open;
	int trouble;     /* why it can't be opened: an errno, 0 when it is */
	stralloc domain; /* of the last address asked for, lower case, C string */
};

/* Look whether the file has changed. */
void queue_route_refresh(struct queue_route *route);

/*
 * Find the channel for address, and put its domain into route->domain.  An address
 * without a domain is local.  Returns 1, or 0 when our domains are not known at the
 * moment.
 */
int queue_route_find(
    struct queue_route *route, const char *address, enum queue_channel_name *channel);

#endif
