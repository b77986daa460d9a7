#ifndef SCHEDULE_DISPATCH_H
#define SCHEDULE_DISPATCH_H

#include <poll.h>

#include "schedule/scheduler.h"

/* Jobs go to the programs that deliver, and answers come back: over both channels. */

/* Set up the channels; and their limits, from the settings. */
void dispatch_init(struct scheduler *s);
void dispatch_limit(struct scheduler *s);

/* Give waiting jobs to workers, as many as may be. */
void dispatch_begin(struct scheduler *s);

/*
 * For poll(2): add the workers to p, which has room for 2 * SETTINGS_CONCURRENCY_MAX;
 * returns how many.  Afterwards, with the same p, serve those that are ready and end what
 * took too long: what has ended is an event.
 */
size_t dispatch_poll(struct scheduler *s, struct pollfd *p);
void dispatch_serve(struct scheduler *s, const struct pollfd *p);

/* deadline_now() at which a worker or a pause ends; INT64_MAX when none. */
int64_t dispatch_until(const struct scheduler *s);

/* How many jobs are under way. */
size_t dispatch_busy(const struct scheduler *s);

#endif
