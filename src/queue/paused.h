#ifndef QUEUE_PAUSED_H
#define QUEUE_PAUSED_H

#include <stralloc.h>

#include "queue/route.h"

/* What the admin has paused: control/paused.  Zeroed to begin with. */
struct paused {
	int channels[ROUTE_CHANNELS]; /* all that goes by them */
	stralloc domains;             /* C strings in lower case, one behind the other */
};

/*
 * Read the file.  Returns 0; -1 with errno, EINVAL when a line is neither a domain nor
 * `local` nor `remote`, and p is as it was.
 */
int paused_read(struct paused *p);

/* Is nothing delivered to the domain (in lower case) by this channel? */
int paused_has(const struct paused *p, enum route_channel channel, const char *domain);

/* Is the domain paused by its own name? */
int paused_names(const struct paused *p, const char *domain);

/* Has something been paused in a that is not in b? */
int paused_exceeds(const struct paused *a, const struct paused *b);

#endif
