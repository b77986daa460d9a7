#ifndef ACCEPT_RESTORE_READ_H
#define ACCEPT_RESTORE_READ_H

/* The files of the journal opened and read when the service begins. */

#include <stddef.h>
#include <stdint.h>

#include "accept/slots.h"

/*
 * Open the slot's file and read its head.  Returns 0; -1 where there is none, or none
 * that is a segment: then it is in queue/bad, or, where it can't go there, left alone.
 */
int restore_read_open(struct slot *slot);

/*
 * What stands behind the head, to be given to free(3), with zeros where it can't be read,
 * as is told.  Null, after a warning, for lack of memory.
 */
char *restore_read(const struct slot *slot, size_t len);

/*
 * Keep s[0..len), which stands at this place of the slot and is damaged, in queue/bad.
 * Returns 0; -1 after a warning.
 */
int restore_read_keep(const struct slot *slot, const char *s, size_t len, uint64_t at);

#endif
