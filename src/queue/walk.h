#ifndef QUEUE_WALK_H
#define QUEUE_WALK_H

/* The walk through all that stands in the queue. */

#include <stdint.h>

/*
 * What is done with the file that stands at a place of the queue under name, a message ID
 * or something foreign.  Returns 0 when it has gone from there, else 1.
 */
typedef int walk_visit(void *context, int64_t place, const char *name);

/*
 * Visit all: what is new, what is deferred in the order of its next attempts, what is
 * paused, held and bad.  Nothing but the names of the buckets is kept in memory.  Returns
 * 0; -1 when something could not be read, after warnings, and all else has been visited.
 */
int walk(walk_visit *visit, void *context);

/* The same, but of places that are not wanted. */
typedef int walk_wants(const void *asked, int64_t place);
int walk_some(walk_wants *wants, const void *asked, walk_visit *visit, void *context);

/* The same of one place: of a folder, or of one bucket. */
int walk_place(int64_t place, walk_visit *visit, void *context);

/*
 * Visit the message id, wherever it stands, also when it is moved meanwhile.  Returns 1;
 * 0 when there is none, -1 after a warning.
 */
int walk_to(const char *id, walk_visit *visit, void *context);

#endif
