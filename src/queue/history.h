#ifndef QUEUE_HISTORY_H
#define QUEUE_HISTORY_H

/* The last words about each recipient, from the journal. */

#include <stdint.h>

#include "lib/outcome.h"
#include "queue/file.h"

/* What the journal says last of a recipient. */
struct history_last {
	int64_t time; /* of the last outcome, seconds since 1970; 0 when there was none */
	struct outcome outcome; /* the letter may be X; without a text before the first */
};

/*
 * Read the journal of the open file f; last has room for all of its recipients and is
 * zeroed. Returns 0, or -1 with errno.  Dies with DEFER when memory is short.
 */
int history_read(const struct file *f, struct history_last *last);

/* Zeroed room for the recipients of f; dies with DEFER when memory is short. */
struct history_last *history_make(const struct file *f);

/* Free all of it. */
void history_free(const struct file *f, struct history_last *last);

#endif
