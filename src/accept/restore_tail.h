#ifndef ACCEPT_RESTORE_TAIL_H
#define ACCEPT_RESTORE_TAIL_H

/* What is not whole at the end of segments, when the journal is read. */

#include <stddef.h>

#include "accept/slots.h"

/* Where in each slot, behind its head, such a batch begins, and how long it is, or 0.
 * Zeroed to begin with. */
struct restore_tails {
	size_t at[SLOTS_MOST], len[SLOTS_MOST];
};

/*
 * There are records in a later segment than those that were noted: so what is not whole
 * had been on the disk when the later one was begun, unless it could not be written.
 * It is kept in queue/bad.
 */
void restore_tail_keep(struct restore_tails *t, struct slots *s);

/*
 * Nothing is behind those that are left: they were being written when all ended, and
 * nobody was told that they were kept.  The next time, when something is behind them,
 * they are not to be found any more.
 */
void restore_tail_clear(struct restore_tails *t, const struct slots *s);

#endif
