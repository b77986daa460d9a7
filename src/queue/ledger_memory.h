#ifndef QUEUE_LEDGER_MEMORY_H
#define QUEUE_LEDGER_MEMORY_H

/* Messages of the queue's journal as files in memory. */

#include <stddef.h>
#include <stdint.h>

#include "queue/ledger.h"

/* Lines for e's history stand in this segment.  Dies with DEFER when memory is short. */
void ledger_memory_add_line(
    struct ledger_entry *e, unsigned number, uint64_t at, size_t len);

void ledger_memory_free_lines(struct ledger_entry *e);

/*
 * As file_take, of e, a message of l; with FILE_GLANCE there are zeros in place of the
 * message itself.  -1 with ENOENT when it has left the journal since that was read.
 */
int ledger_memory_open(const struct ledger *l, const struct ledger_entry *e,
    struct file *f, int flags, const char **why);

#endif
