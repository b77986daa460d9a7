#ifndef QUEUE_QUEUE_RELIEF_H
#define QUEUE_QUEUE_RELIEF_H

struct queue_scheduler;

/*
 * There is no room for more active messages, and others are waiting: when the longest
 * line does not move, put most of its messages back for a while.
 */
void queue_relieve(struct queue_scheduler *s);

#endif
