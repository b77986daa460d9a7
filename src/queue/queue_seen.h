#ifndef QUEUE_QUEUE_SEEN_H
#define QUEUE_QUEUE_SEEN_H

#include <stdint.h>

#define QUEUE_SEEN_WORDS 2097152 /* 16 MB: with ten million IDs one of 50 is mistaken */

/*
 * Which IDs have been met, in bounded memory: what was met is always known, but some
 * that were not are taken for known too.  Zeroed to begin with.
 */
struct queue_seen {
	uint64_t *bits;
};

/* Has id perhaps been met?  Remember that it is now.  Dies with DEFER without memory. */
int queue_seen_meet(struct queue_seen *seen, const char *id);

#endif
