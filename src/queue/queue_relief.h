#ifndef QUEUE_QUEUE_RELIEF_H
#define QUEUE_QUEUE_RELIEF_H

struct queue_scheduler;

/*
 * Others wait: who has by far more places among the active messages than queue_room.h
 * would give him now gives some back.  What is not begun yet goes back to the backlog.
 */
void queue_relieve(struct queue_scheduler *s);

#endif
