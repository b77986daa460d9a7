#ifndef QUEUE_QUEUE_WALK_H
#define QUEUE_QUEUE_WALK_H

#include <stdint.h>

/*
 * What is done with the file that stands at a place of the queue under name, a message ID
 * or something foreign.  Returns 0 when it has gone from there, else 1.
 */
typedef int queue_visit(void *context, int64_t place, const char *name);

/*
 * Visit all: what is new, what is deferred in the order of its next attempts, what is
 * paused, held and bad.  Nothing but the names of the buckets is kept in memory.  Returns
 * 0; -1 when something could not be read, after warnings, and all else has been visited.
 */
int queue_walk(queue_visit *visit, void *context);

/* The same, but of places that are not wanted. */
typedef int queue_walk_wants(const void *asked, int64_t place);
int queue_walk_some(
    queue_walk_wants *wants, const void *asked, queue_visit *visit, void *context);

/*
 * Visit the message id, wherever it stands, also when it is moved meanwhile.  Returns 1;
 * 0 when there is none, -1 after a warning.
 */
int queue_walk_to(const char *id, queue_visit *visit, void *context);

#endif
