#ifndef QUEUE_REPLAY_H
#define QUEUE_REPLAY_H

/* The reading of a segment of the queue's journal, batch by batch. */

#include <stddef.h>
#include <stdint.h>

#include "queue/segment.h"

/* What was found in a segment. */
enum replay_part {
	REPLAY_END,    /* nothing more: what may follow is a batch that was cut */
	REPLAY_BATCH,  /* records */
	REPLAY_DAMAGE, /* what can't be read, though batches that can be follow */
};

/* s and len, the bytes of the segment without its head, are set by the caller. */
struct replay {
	const struct segment *segment;
	const char *s;
	size_t len;
	size_t at;         /* where the next batch is looked for; 0 to begin with */
	uint64_t sequence; /* its number; 0 to begin with */
};

/*
 * The next part, s[*from..*to).  A batch is only begun when the one before it was on the
 * disk, so one that is not whole ends the segment, unless there is a whole one behind it.
 */
enum replay_part replay_next(struct replay *r, size_t *from, size_t *to);

#endif
