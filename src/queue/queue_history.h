#ifndef QUEUE_QUEUE_HISTORY_H
#define QUEUE_QUEUE_HISTORY_H

#include <stdint.h>

#include <stralloc.h>

#include "queue/queue_file.h"

/* What the journal says last of a recipient. */
struct queue_last {
	int64_t time; /* of the last outcome, seconds since 1970; 0 when there was none */
	stralloc status; /* C strings, null before the first attempt */
	stralloc text;
};

/*
 * Read the journal of the open file f; last has room for all of its recipients and is
 * zeroed. Returns 0, or -1 with errno.  Dies with DEFER when memory is short.
 */
int queue_history_read(const struct queue_file *f, struct queue_last *last);

/* Zeroed room for the recipients of f; dies with DEFER when memory is short. */
struct queue_last *queue_history_make(const struct queue_file *f);

/* Free all of it. */
void queue_history_free(const struct queue_file *f, struct queue_last *last);

#endif
