#ifndef QUEUE_QUEUE_PAUSED_H
#define QUEUE_QUEUE_PAUSED_H

#include <sys/types.h>
#include <time.h>

#include <stralloc.h>

#include "queue/queue_destination.h"

/* What the admin has paused: control/paused.  Zeroed to begin with. */
struct queue_paused {
	int channels[QUEUE_CHANNELS]; /* all that goes by them */
	stralloc domains;             /* C strings in lower case, one behind the other */
};

/*
 * Read the file.  Returns 0; -1 with errno, EINVAL when a line is neither a domain nor
 * `local` nor `remote`, and p is as it was.
 */
int queue_paused_read(struct queue_paused *p);

/* What control/paused was when it was looked at last.  Zeroed to begin with. */
struct queue_paused_seen {
	ino_t ino;
	struct timespec mtime;
};

/* Has it changed?  A look costs one call, and does not wait behind a full trigger. */
int queue_paused_changed(struct queue_paused_seen *seen);

/* Is nothing delivered to the domain (in lower case) by this channel? */
int queue_paused_has(
    const struct queue_paused *p, enum queue_channel_name channel, const char *domain);

/* Is the domain paused by its own name? */
int queue_paused_names(const struct queue_paused *p, const char *domain);

/* Has something been paused in a that is not in b? */
int queue_paused_exceeds(const struct queue_paused *a, const struct queue_paused *b);

#endif
