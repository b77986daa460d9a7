#ifndef QUEUE_QUEUE_SOURCE_H
#define QUEUE_QUEUE_SOURCE_H

struct queue_feed;
struct queue_scheduler;

#define QUEUE_PAUSE_TROUBLE 10000     /* milliseconds without new messages */
#define QUEUE_PAUSE_UNREADABLE 300000 /* before what can't be read is tried again */

/*
 * Take one message, or one step towards it: that of which the trigger told, of the scan
 * of queue/new, of the buckets that are due, of those that waited for room, of those that
 * were locked when their turn came, of those whose destination may not be paused any
 * more.  Each returns 1 when it has used its turn, 0 when it has nothing.
 */
int queue_source_told(struct queue_feed *f, struct queue_scheduler *s);
int queue_source_new(struct queue_feed *f, struct queue_scheduler *s);
int queue_source_due(struct queue_feed *f, struct queue_scheduler *s);
int queue_source_backlog(struct queue_feed *f, struct queue_scheduler *s);
int queue_source_busy(struct queue_feed *f, struct queue_scheduler *s);
int queue_source_paused(struct queue_feed *f, struct queue_scheduler *s);

#endif
