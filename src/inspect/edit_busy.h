#ifndef INSPECT_EDIT_BUSY_H
#define INSPECT_EDIT_BUSY_H

#include <stddef.h>

#include "queue/walk.h"

/*
 * Messages that queue-run was delivering when their turn came.  Zeroed to begin with.
 */
struct edit_busy {
	char (*ids)[25]; /* QUEUEID_LEN + 1 */
	size_t count;
};

/* Remember it.  Dies with DEFER when memory is short. */
void edit_busy_put(struct edit_busy *b, const char *id);

/*
 * Visit them again and again, for so many seconds, until none is left; visit puts those
 * back that are still busy.  Those that have left the queue meanwhile, and at last those
 * that are still busy, are named in a warning.  Returns the verdict; that one has left is
 * to be REJECT when they are wanted by name.
 */
int edit_busy_wait(struct edit_busy *b, unsigned seconds, int by_name, walk_visit *visit);

#endif
