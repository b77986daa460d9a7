#ifndef INSPECT_EDIT_FILING_H
#define INSPECT_EDIT_FILING_H

/* Messages that are only in the queue's journal, and have to be files to be changed. */

#include "inspect/edit_ids.h"
#include "queue/walk.h"

/*
 * Ask the service to make files of them, many at a time, and visit them then.  Those that
 * have left the queue meanwhile, and those that do not become files, are named in a
 * warning.  Returns the verdict; that one has left is to be REJECT when they are wanted
 * by name.
 */
int edit_filing_ask(const struct edit_ids *f, int by_name, walk_visit *visit);

#endif
