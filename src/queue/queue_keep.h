#ifndef QUEUE_QUEUE_KEEP_H
#define QUEUE_QUEUE_KEEP_H

#include "queue/queue_message.h"

/* What the admin keeps from being delivered: by rules, and by pauses. */

/*
 * Before an attempt: put the message, not active yet, where it waits for the admin, if a
 * rule holds it or all that is left of it is paused.  Returns 1 when it waits there, 0
 * when the attempt may begin, -1 after a warning.
 */
int queue_keep_back(struct queue_scheduler *s, struct queue_message *m);

/* Is the job's destination paused? */
int queue_keep_pauses(const struct queue_scheduler *s, const struct queue_job *job);

/* The job's recipients are passed over at this attempt. */
void queue_keep_pass_over(struct queue_scheduler *s, const struct queue_job *job);

/* Take what waits for a destination that is paused now out of its line. */
void queue_keep_clear_lines(struct queue_scheduler *s);

/* Move m to queue/paused.  Returns 0, or -1 after a warning. */
int queue_keep_paused(struct queue_scheduler *s, struct queue_message *m);

#endif
