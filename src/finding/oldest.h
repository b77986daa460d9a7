#ifndef FINDING_OLDEST_H
#define FINDING_OLDEST_H

#include <stddef.h>

#include "lib/queueid.h"

#define OLDEST_MAX 16384 /* IDs; 800 KB, for twice as many are sorted at a time */

/*
 * The oldest of the messages in a folder, which gives its names in no order: as many as
 * there is room for.  First all names are put, then the IDs are taken, oldest first.
 */
struct oldest {
	char (*ids)[QUEUEID_LEN + 1];
	size_t count, taken;
	int sorted;
	int more; /* there were more than there is room for: the youngest are left out */
};

/* Begin anew. */
void oldest_begin(struct oldest *o);

/* The folder has id too.  Dies with DEFER when memory is short. */
void oldest_put(struct oldest *o, const char *id);

/* The oldest that has not been taken, valid until the next call; null when none is left.
 */
const char *oldest_take(struct oldest *o);

/* Free the memory; o can be begun again. */
void oldest_free(struct oldest *o);

#endif
