#ifndef QUEUE_BOUNCE_STATUS_H
#define QUEUE_BOUNCE_STATUS_H

#include <stralloc.h>

#include "queue/bounce.h"

/*
 * Is the part for programs to be of RFC 6533: an address in it is not ASCII, and whom it
 * goes to reads such?
 */
int bounce_status_is_global(const struct bounce *b);

/* Append the content of the part for programs, RFC 3464. */
void bounce_put_status(stralloc *sa, const struct bounce *b);

#endif
