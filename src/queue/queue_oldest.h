#ifndef QUEUE_QUEUE_OLDEST_H
#define QUEUE_QUEUE_OLDEST_H

#include <stddef.h>

#include "lib/queueid.h"

#define QUEUE_OLDEST_MAX 16384 /* IDs, 400 KB */

/*
 * The oldest of the messages in a folder, which gives its names in no order: as many as
 * there is room for.  First all names are put, then the IDs are taken, oldest first.
 */
struct queue_oldest {
	char (*ids)[QUEUEID_LEN + 1];
	size_t count, taken;
	int sorted;
	int more; /* there were more than there is room for: the youngest are left out */
};

/* Begin anew. */
void queue_oldest_begin(struct queue_oldest *o);

/* The folder has id too.  Dies with DEFER when memory is short. */
void queue_oldest_put(struct queue_oldest *o, const char *id);

/* The oldest that has not been taken, valid until the next call; null when none is left.
 */
const char *queue_oldest_take(struct queue_oldest *o);

/* Free the memory; o can be begun again. */
void queue_oldest_free(struct queue_oldest *o);

#endif
