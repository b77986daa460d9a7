#ifndef QUEUE_QUEUE_PASSED_H
#define QUEUE_QUEUE_PASSED_H

#include <stddef.h>
#include <stdint.h>

#include "lib/queueid.h"

#define QUEUE_PASSED_MAX 1000 /* messages; the oldest are forgotten */

/*
 * Deferred messages of which recipients were passed over, for their destination was
 * paused: when it is resumed they are tried before their time.  Zeroed to begin with.
 */
struct queue_passed {
	struct queue_passed_message {
		int64_t bucket;
		char id[QUEUEID_LEN + 1];
	} ring[QUEUE_PASSED_MAX];
	size_t first, count;
	size_t due; /* so many of them, from the first on */
};

void queue_passed_put(struct queue_passed *p, int64_t bucket, const char *id);

/* All that are there now are due. */
void queue_passed_hurry(struct queue_passed *p);

/* Take one that is due.  Returns 1, or 0 when there is none. */
int queue_passed_take(struct queue_passed *p, int64_t *bucket, char id[QUEUEID_LEN + 1]);

#endif
