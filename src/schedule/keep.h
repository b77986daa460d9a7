#ifndef SCHEDULE_KEEP_H
#define SCHEDULE_KEEP_H

#include "schedule/scheduler.h"

/* What the admin keeps from being delivered: by rules, and by pauses. */

/* Would keep_back put m somewhere? */
int keep_wants(struct scheduler *s, const struct message *m);

/*
 * Before an attempt: put the message, not active yet, where it waits for the admin, if a
 * rule holds it or all that is left of it is paused.  Returns 1 when it waits there, 0
 * when the attempt may begin, -1 with errno after a warning.
 */
int keep_back(struct scheduler *s, struct message *m);

/* Is the destination paused? */
int keep_pauses(const struct scheduler *s, const struct destination *d);

/* The job's recipients are passed over at this attempt. */
void keep_pass_over(struct scheduler *s, const struct task *job);

/* Take what waits for a destination that is paused now out of its line. */
void keep_clear_lines(struct scheduler *s);

/* Move m to queue/paused.  Returns 0; -1 with errno after a warning. */
int keep_paused(struct scheduler *s, struct message *m);

#endif
