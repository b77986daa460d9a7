#ifndef FINDING_RECALL_H
#define FINDING_RECALL_H

#include <stddef.h>
#include <stdint.h>

#include "lib/queueid.h"

#define RECALL_MAX 1000 /* messages in a list */

/* Messages to come back to, one after the other: a list in a ring.  Zeroed to begin with.
 */
struct recall {
	struct recall_message {
		int64_t bucket; /* where it stands */
		int64_t time;   /* deadline_now() at which its moment has come */
		char id[QUEUEID_LEN + 1];
	} ring[RECALL_MAX];
	size_t first, count;
};

/* Put a message at the end.  Returns 1, or 0 when there is no room. */
int recall_put(struct recall *r, int64_t bucket, const char *id, int64_t time);

/* Forget the first one, which is there. */
void recall_drop(struct recall *r);

/* Take the first one, if its moment has come, into *bucket and id.  Returns 1, or 0. */
int recall_take(
    struct recall *r, int64_t now_ms, int64_t *bucket, char id[QUEUEID_LEN + 1]);

/* The moment has come for all that are there. */
void recall_hurry(struct recall *r);

/* The moment of the first one; INT64_MAX when there is none. */
int64_t recall_until(const struct recall *r);

#endif
