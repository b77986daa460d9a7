#ifndef LIB_SPOOL_TAKE_H
#define LIB_SPOOL_TAKE_H

/* What is on a descriptor, as a file, whatever it is. */

#include <sys/types.h>

/*
 * Take what is on descriptor fd from where it stands to its end: a file as it is,
 * anything else is read and copied to one without a name.  Returns the descriptor, fd or
 * a new one, of which *length bytes from *start are meant; or -1 with errno.
 */
int spool_take(int fd, off_t *start, off_t *length);

#endif
