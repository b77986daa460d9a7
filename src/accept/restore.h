#ifndef ACCEPT_RESTORE_H
#define ACCEPT_RESTORE_H

/* The journal read when the service begins: queue(5). */

#include "accept/batch.h"

/*
 * Find the slots, and in them what is not settled; b is as batch_init left it.  What
 * can't be read is kept in queue/bad, as far as it can be, and told.  Returns 0; -1 after
 * a warning when the folder can't be used.
 */
int restore(struct batch *b);

#endif
