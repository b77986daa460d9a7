#ifndef SCHEDULE_LIFE_H
#define SCHEDULE_LIFE_H

#include "schedule/scheduler.h"

/* The life of a message, from where it was found until it is gone or deferred. */

/*
 * Begin it: open and lock the message, and put its recipients into their lines, or, when
 * there is no room for them, the message into the backlog.  flags are those below or 0.
 * Returns 1; 0 when there is nothing to do (it waits, is gone, active already, or was
 * moved to queue/bad, queue/hold or queue/paused); MESSAGE_BUSY when somebody else has
 * locked it; -1 with errno when we are in trouble ourselves, after a warning.
 */
#define LIFE_AGAIN 1 /* deliveries may have been made that nobody recorded */
#define LIFE_TAKEN 2 /* it has been taken out of the backlog */
int life_begin(struct scheduler *s, int64_t bucket, const char *id, int flags);

/* The same for one that is not known yet, and that the queue's service hands over as fd.
 */
int life_begin_unfiled(struct scheduler *s, const char *id, int flags, int fd);

/* Go on with all messages to which something has happened: s->events is empty then. */
void life_go_on(struct scheduler *s);

/* The time may have come for those that wait for it: put that down as events. */
void life_wake(struct scheduler *s);

#endif
