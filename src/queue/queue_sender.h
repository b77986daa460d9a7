#ifndef QUEUE_QUEUE_SENDER_H
#define QUEUE_QUEUE_SENDER_H

#include <stdint.h>

#include "queue/queue_message.h"

/* What the sender of a message is told, and what not. */

/* RFC 3461, 4.1: a failure of which the sender does not want to hear counts as reported.
 */
void queue_sender_spare(struct queue_scheduler *s, struct queue_message *m);

/*
 * Begin a report to the sender, when one is owed: first of what has ended, then of a
 * delay.  Returns 1 when it is under way and queue_message_reported will tell its end; 0
 * when there is nothing to report now, or it can't be (m->unreported).
 */
int queue_sender_tell(struct queue_scheduler *s, struct queue_message *m);

/*
 * Before a new attempt: begin the report that is owed since an earlier one, so that it
 * is about the same recipients, and has the same ID, as the one that a crash may have
 * left in the queue.  Returns as queue_sender_tell.
 */
int queue_sender_tell_first(struct queue_scheduler *s, struct queue_message *m);

/* Seconds until a delay is to be reported; INT64_MAX when none is. */
int64_t queue_sender_until_warning(
    const struct queue_scheduler *s, const struct queue_message *m);

#endif
