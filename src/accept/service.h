#ifndef ACCEPT_SERVICE_H
#define ACCEPT_SERVICE_H

/* All that queue-serve knows; what it must not forget stands in the journal. */

#include <stdint.h>
#include <sys/types.h>

#include <stralloc.h>

#include "accept/batch.h"
#include "accept/guest.h"

#define SERVICE_CLIENTS_MAX                                                              \
	(GUEST_USERS - 2) /* users that may connect, beside root and ourselves */

struct service {
	struct batch batch;
	struct guest_list guests;
	int64_t now;   /* milliseconds of deadline_now */
	uint64_t boot; /* tells this boot of the machine from others */
	uid_t clients[SERVICE_CLIENTS_MAX];
	size_t clients_count;
	struct guest *scheduler; /* or null */
	uint64_t window;         /* messages that it takes at a time */
	int64_t alone_since;     /* when there was a scheduler last */
	int64_t retry_at;        /* when handing over is tried again; 0: no need */
	int64_t full_since; /* since when nothing could be written to the journal, or 0 */
	int64_t crowded_since; /* or no message could be taken for lack of room */
	size_t seekers;        /* guests who wait until a message is a file */
	int resting;           /* some guests have said more than was looked at */
	int64_t large_at;      /* no child for a large message before that */
	pid_t filer;           /* the child that makes files of messages, or 0 */
	stralloc filed;    /* the names that it brings to the disk, each ended by \\0 */
	stralloc settled;  /* and those that are to be published with the next batch */
	int64_t filing_at; /* no other child before that, in milliseconds */
	int wanted;        /* files are, of messages that wait */
	int sweep;         /* what stands in the journal's folder is to be looked at, */
	int unsure;        /* and may be of messages that are to be handed over */
};

/* Look at the clock. */
void service_tick(struct service *s);

/*
 * Write the batch, and look after segments to come.  What can't be written for long, or
 * at all, is given back to those who wait for it.
 */
void service_commit(struct service *s);

/* The same when it is time. */
void service_go_on(struct service *s);

/* Milliseconds until something is to be done without being asked; -1: nothing. */
int service_patience(const struct service *s);

#endif
