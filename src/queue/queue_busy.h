#ifndef QUEUE_QUEUE_BUSY_H
#define QUEUE_QUEUE_BUSY_H

#include <stddef.h>
#include <stdint.h>

#include "lib/queueid.h"

#define QUEUE_BUSY_MAX 64 /* messages; the tools lock one at a time */

/*
 * Messages that were not started because somebody else has locked them, queue_lock.h:
 * looked at again after a moment.  Zeroed to begin with.
 */
struct queue_busy {
	struct queue_busy_message {
		int64_t bucket, again; /* again is a deadline_now() */
		char id[QUEUEID_LEN + 1];
	} ring[QUEUE_BUSY_MAX];
	size_t first, count;
	int64_t overflow; /* deadline_now() of a scan for those without room, or 0 */
};

void queue_busy_put(struct queue_busy *b, int64_t bucket, const char *id, int64_t now_ms);

/*
 * Take one whose moment has come, into *bucket and id.  Returns 1, 0 when there is none,
 * -1 when there are some that have not been written down and all places are to be
 * scanned.
 */
int queue_busy_take(
    struct queue_busy *b, int64_t now_ms, int64_t *bucket, char id[QUEUEID_LEN + 1]);

/* deadline_now() of the next one; INT64_MAX when there is none. */
int64_t queue_busy_until(const struct queue_busy *b);

#endif
