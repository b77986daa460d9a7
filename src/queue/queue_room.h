#ifndef QUEUE_QUEUE_ROOM_H
#define QUEUE_QUEUE_ROOM_H

#include "queue/queue_backlog.h"

struct queue_message;
struct queue_scheduler;

/*
 * Who may become active.  A line gets at most as many places as are free, a destination
 * or a user at most so many times as many (dynamic thresholds, Choudhury and Hahne 1998):
 * as places become rare, those who have many get no more, and there is always one for who
 * has none.
 */
#define QUEUE_PARTY_SHARE 4

/* Places that are free, fewer when envelopes have filled our memory. */
size_t queue_room_free(const struct queue_scheduler *s);

/*
 * Is there room for m, which has been read?  It has its turn after those that wait in the
 * backlog.  Returns 1; or 0 and fills in w, with which it is to wait there.
 */
int queue_room_for(
    struct queue_scheduler *s, struct queue_message *m, struct queue_waiter *w);

/* Is there room for w?  To be called by queue_backlog_take with a scheduler. */
int queue_room_may(void *scheduler, const struct queue_waiter *w);

/* Take m, whose only job has been cut off from its line, back to the backlog. */
void queue_room_leave(
    struct queue_scheduler *s, struct queue_message *m, const struct queue_job *job);

#endif
