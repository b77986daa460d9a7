#ifndef ACCEPT_FILING_WRITE_H
#define ACCEPT_FILING_WRITE_H

/* Messages of the journal written as files. */

#include <stralloc.h>

#include "accept/batch.h"

#define FILING_WRITE_MOST 200 /* at once: each is an open file */

/*
 * Write a file in the journal's folder for each ID of the list, each ended by \0, that is
 * in the journal and readable; bring these, and what stands there by the other IDs, to
 * the disk.  Returns 0, or -1 after a warning.  To be called in a child: it takes its
 * time.
 */
int filing_write(struct batch *b, const stralloc *ids);

#endif
