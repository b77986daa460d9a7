#ifndef QUEUE_QUEUE_CHANNEL_H
#define QUEUE_QUEUE_CHANNEL_H

#include <poll.h>
#include <stddef.h>
#include <stdint.h>

#include "queue/queue_settings.h"
#include "queue/queue_worker.h"

struct queue_scheduler;

/* The connections to one of the sockets behind which mail is delivered. */
struct queue_channel {
	const char *name; /* in the log */
	const char *path; /* of the socket */
	size_t limit;     /* connections at the same time */
	size_t most;      /* of them for one destination */
	size_t group;     /* recipients in a job */
	struct queue_worker *workers[QUEUE_CONCURRENCY_MAX];
	size_t count, busy;
	unsigned failures; /* to connect, in a row */
	int64_t retry;     /* deadline_now(): no connection is tried before */
	int64_t paced;     /* deadline_now(): a rate lets the next job go */
};

/* Set up both channels, and their limits from the settings. */
void queue_channels_init(struct queue_scheduler *s);
void queue_channels_limit(struct queue_scheduler *s);

/* Give waiting jobs to workers, as many as may be. */
void queue_channels_dispatch(struct queue_scheduler *s);

/*
 * For poll(2): add the workers to p, which has room for 2 * QUEUE_CONCURRENCY_MAX;
 * returns how many.  Afterwards, with the same p, serve those that are ready and end what
 * took too long.
 */
size_t queue_channels_poll(struct queue_scheduler *s, struct pollfd *p);
void queue_channels_serve(struct queue_scheduler *s, const struct pollfd *p);

/* Close the connection w, which has no job. */
void queue_channel_drop(struct queue_channel *c, struct queue_worker *w);

/* deadline_now() at which a worker or a pause ends; INT64_MAX when none. */
int64_t queue_channels_until(const struct queue_scheduler *s);

/* How many jobs are under way. */
size_t queue_channels_busy(const struct queue_scheduler *s);

#endif
