#ifndef INSPECT_CHECK_JOURNAL_H
#define INSPECT_CHECK_JOURNAL_H

/* What queue-check looks at in the journal of the queue's service. */

#include <stdint.h>

#include "inspect/check.h"

/*
 * The locks, what stands in the journal's folder, and whether all records can be read.
 * Its messages are counted, and met.
 */
void check_journal(struct check *c);

/*
 * Message id, a file at this place, stands in the journal, too, and would be delivered
 * twice.
 */
void check_journal_twin(struct check *c, const char *id, int64_t place);

/* A file in queue/bad that is a part of the journal: which messages are in it? */
void check_journal_part(const char *name);

#endif
