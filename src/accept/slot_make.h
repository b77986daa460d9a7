#ifndef ACCEPT_SLOT_MAKE_H
#define ACCEPT_SLOT_MAKE_H

/* A file of the queue's journal made ready for its next segment. */

#include "queue/segment.h"

/*
 * Make the file of this number an empty segment, on the disk when this returns: anew,
 * filled with zeros, for writing over them needs no other change of the file; or by a new
 * head only, which takes the value of all that stands behind it.  Returns 0; -1 after a
 * warning.  To be called in a child: it takes its time.
 */
int slot_make(unsigned number, const struct segment *segment, int anew);

#endif
