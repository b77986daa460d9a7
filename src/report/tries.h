#ifndef REPORT_TRIES_H
#define REPORT_TRIES_H

/* The list of attempts in a report. */

#include <stddef.h>

#include <stralloc.h>

#include "report/bounce.h"

#define TRIES_FIRST 3        /* attempts that are shown, from the first */
#define TRIES_LAST 9         /* and up to the last */
#define TRIES_RECIPIENTS 100 /* in a report about more, none are shown */

/* The attempts for each recipient that a report is about; the others have null. */
struct tries;

/*
 * Read them from the journal; null when the report is about too many.  Returns 0, or -1
 * with errno.  Dies with DEFER when memory is short.
 */
int tries_read(struct tries ***tries, const struct bounce *b);

/* Append a list of recipient i's attempts, each with its time and what came of it. */
void tries_put(stralloc *sa, struct tries *const *tries, size_t i);

#endif
