#ifndef QUEUE_QUEUE_BACKLOG_H
#define QUEUE_QUEUE_BACKLOG_H

#include <stddef.h>
#include <stdint.h>

#include "lib/queueid.h"
#include "queue/queue_line.h"

/*
 * Messages that were looked at, and for which there is no room among the active ones:
 * only their names are kept, by destination and by user, and they are taken in turn from
 * both sides.  Users and destinations share bins by their hashes (stochastic fairness
 * queueing, McKenney 1990), so that memory does not depend on their number.
 */
#define QUEUE_BACKLOG_MAX 100000 /* messages; the others are found again by a scan */
#define QUEUE_BACKLOG_BINS 1024  /* on each side */
#define QUEUE_BACKLOG_SLOTS 16384

struct queue_waiter {
	uint64_t key[QUEUE_SIDES]; /* of the destination, of the user */
	int64_t bucket;            /* where it stands */
	uint32_t chain;            /* with the same hash, or free: index + 1 */
	uint32_t next[QUEUE_SIDES], prev[QUEUE_SIDES]; /* in its bins: index + 1 */
	char id[QUEUEID_LEN];
	char again; /* as for queue_message_start */
	char channel;
};

struct queue_bin {
	uint32_t first, last, count; /* first and last: index + 1 */
	uint16_t next, prev;         /* in the ring of those that are not empty */
};

/* Zeroed to begin with. */
struct queue_backlog {
	struct queue_waiter *list; /* room for as many as there have been at a time */
	size_t room, used, count;
	uint32_t free; /* index + 1 of the first one that is not used */
	uint32_t slots[QUEUE_BACKLOG_SLOTS];
	struct queue_bin bins[QUEUE_SIDES][QUEUE_BACKLOG_BINS];
	uint16_t turn[QUEUE_SIDES]; /* a bin that is not empty, when one is */
	size_t filled[QUEUE_SIDES]; /* bins that are not empty */
	enum queue_side side;       /* asked last */
	int lost;                   /* some had no place here */
};

/* The one with this ID, or null; valid until the next one is put. */
struct queue_waiter *queue_backlog_find(const struct queue_backlog *b, const char *id);

/* Does anything wait in both bins, where one with these keys would have to wait too? */
int queue_backlog_is_behind(const struct queue_backlog *b, const uint64_t key[]);

/*
 * Put w at the end, or at the front.  When all is full it takes the place of the last one
 * in the fullest bin, unless that would be its own.  Dies for lack of memory.
 */
void queue_backlog_put(
    struct queue_backlog *b, const struct queue_waiter *w, int at_front);

/* Is there room for w now? */
typedef int queue_backlog_may(void *context, const struct queue_waiter *w);

/* Take the one whose turn it is of those for which there is room.  Returns 1, or 0. */
int queue_backlog_take(struct queue_backlog *b, queue_backlog_may *may, void *context,
    struct queue_waiter *w);

#endif
