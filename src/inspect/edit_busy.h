#ifndef INSPECT_EDIT_BUSY_H
#define INSPECT_EDIT_BUSY_H

/* Messages that queue-run was delivering when their turn came. */

#include "inspect/edit_ids.h"
#include "queue/walk.h"

/*
 * Visit them again and again, for so many seconds, until none is left; visit puts those
 * back that are still busy.  Those that have left the queue meanwhile, and at last those
 * that are still busy, are named in a warning.  Returns the verdict; that one has left is
 * to be REJECT when they are wanted by name.
 */
int edit_busy_wait(
    struct edit_ids *busy, unsigned seconds, int by_name, walk_visit *visit);

#endif
