#ifndef QUEUE_QUEUE_FEED_H
#define QUEUE_QUEUE_FEED_H

#include <dirent.h>
#include <stddef.h>
#include <stdint.h>

#include "queue/queue_busy.h"
#include "queue/queue_scan.h"
#include "queue/queue_trigger.h"

struct queue_scheduler;

/*
 * Where messages come from: the trigger tells the new ones, a scan of queue/new finds
 * those of which nobody told, the oldest first, and the due buckets give back the
 * deferred ones.  All of them are read step by step, as there is room for active
 * messages.
 */
struct queue_feed {
	struct queue_trigger trigger;
	struct queue_scan scan;
	int64_t look; /* deadline_now() of the next look at queue/new */
	DIR *paused;  /* queue/paused, being looked through */
	DIR *bucket;  /* being emptied */
	struct queue_busy busy;
	int64_t pause; /* deadline_now(): no message is started before */
	int64_t retry; /* deadline_now() of a look at what could not be read, or 0 */
};

/* Make what is missing, and open all.  Dies with DEFER without queue/new. */
void queue_feed_init(struct queue_feed *f, struct queue_scheduler *s);

/*
 * Start messages while there are any and room for them, a bounded number at a time.
 * Returns 1 when it is worth while to come back at once.
 */
int queue_feed_step(struct queue_feed *f, struct queue_scheduler *s);

/* Is there room for what is due?  The last part of the backlog is for new messages. */
int queue_feed_takes_due(const struct queue_scheduler *s);

/* Is the trigger to be polled? */
int queue_feed_listens(const struct queue_feed *f, const struct queue_scheduler *s);

/* The trigger has something to read. */
void queue_feed_hear(struct queue_feed *f);

/* Look at all places again, as when we started. */
void queue_feed_rescan(struct queue_feed *f, struct queue_scheduler *s);

/* Seconds (poll's milliseconds) until there may be something to do: deadline_now(). */
int64_t queue_feed_until(const struct queue_feed *f, const struct queue_scheduler *s);

#endif
