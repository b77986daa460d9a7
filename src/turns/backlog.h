#ifndef TURNS_BACKLOG_H
#define TURNS_BACKLOG_H

/* Messages for which there is no room yet: names only, taken in turn. */

#include <stddef.h>
#include <stdint.h>

#include "lib/queueid.h"
#include "turns/flow.h"

/*
 * Messages that were looked at, and for which there is no room among the active ones:
 * only their names are kept, by destination and by user, and they are taken in turn from
 * both sides.  Users and destinations share bins by their hashes (stochastic fairness
 * queueing, McKenney 1990), so that memory does not depend on their number.
 */
#define BACKLOG_MAX 100000 /* messages; the others are found again by a scan */
#define BACKLOG_BINS 1024  /* on each side */

struct backlog_waiter {
	struct table_entry entry; /* by its ID */
	struct ring ring;         /* in its line */
	uint64_t key[FLOW_SIDES]; /* of the destination, of the user */
	int64_t bucket;           /* where it stands */
	char id[QUEUEID_LEN + 1];
	char again; /* LIFE_AGAIN or 0 */
	char channel;
};

/* Zeroed to begin with. */
struct backlog {
	struct table ids;
	struct flow_room flows;
	struct flow_party bins[FLOW_SIDES][BACKLOG_BINS];
	int lost; /* some had no place here */
};

/* The one with this ID, or null; valid until it is taken. */
struct backlog_waiter *backlog_find(const struct backlog *b, const char *id);

/* Does anything wait in both bins, where one with these keys would have to wait too? */
int backlog_is_behind(const struct backlog *b, const uint64_t key[]);

/*
 * Put a copy of w at the end, or at the front.  When all is full it takes the place of
 * the last one in the fullest bin, unless that would be its own.  Dies for lack of
 * memory.
 */
void backlog_put(struct backlog *b, const struct backlog_waiter *w, int at_front);

/* Is there room for what is due?  The last half is for new messages. */
int backlog_takes_due(const struct backlog *b);

/* Is there room for w now? */
typedef int backlog_may(void *context, const struct backlog_waiter *w);

/* Take the one whose turn it is of those for which there is room.  Returns 1, or 0. */
int backlog_take(
    struct backlog *b, backlog_may *may, void *context, struct backlog_waiter *w);

#endif
