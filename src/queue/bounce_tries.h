#ifndef QUEUE_BOUNCE_TRIES_H
#define QUEUE_BOUNCE_TRIES_H

#include <stddef.h>

#include <stralloc.h>

#include "queue/bounce.h"

#define BOUNCE_TRIES_FIRST 3        /* attempts that are shown, from the first */
#define BOUNCE_TRIES_LAST 9         /* and up to the last */
#define BOUNCE_TRIES_RECIPIENTS 100 /* in a report about more, none are shown */

/* The attempts for each recipient that a report is about; the others have null. */
struct bounce_tries;

/*
 * Read them from the journal; null when the report is about too many.  Returns 0, or -1
 * with errno.  Dies with DEFER when memory is short.
 */
int bounce_tries_read(struct bounce_tries ***tries, const struct bounce *b);

/* Append a list of recipient i's attempts, each with its time and what came of it. */
void bounce_put_tries(stralloc *sa, struct bounce_tries *const *tries, size_t i);

#endif
