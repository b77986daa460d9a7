#ifndef QUEUE_LEDGER_PART_H
#define QUEUE_LEDGER_PART_H

/* Parts of the journal that could not be read, as they are kept in queue/bad. */

#include <stdint.h>

#include "queue/record.h"

/* Does a file of this name in queue/bad hold one? */
int ledger_part_is(const char *name);

/*
 * Call take for what looks like the record of a message in the file path, with the place
 * at which the record's body begins.  Returns 0, or -1 with errno.
 */
int ledger_part_read(const char *path,
    void (*take)(void *context, const struct record *r, uint64_t at), void *context);

#endif
