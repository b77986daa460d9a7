#ifndef SCHEDULE_CHANNEL_H
#define SCHEDULE_CHANNEL_H

#include <stddef.h>
#include <stdint.h>

#include "schedule/settings.h"
#include "schedule/worker.h"

/* The connections to one of the sockets behind which mail is delivered. */
struct channel {
	enum route_channel channel;
	const char *name; /* in the log */
	const char *path; /* of the socket */
	size_t limit;     /* connections at the same time */
	size_t most;      /* jobs under way for one destination */
	size_t depth;     /* jobs under way on one of them */
	size_t group;     /* recipients in a job */
	int64_t idle;     /* milliseconds that an idle one is kept */
	struct worker *workers[SETTINGS_CONCURRENCY_MAX];
	size_t count;
	size_t busy;       /* jobs under way */
	unsigned failures; /* to connect, in a row */
	int64_t retry;     /* deadline_now(): no connection is tried before */
	int64_t paced;     /* deadline_now(): a rate lets the next job go */
};

/* Set up one that is zeroed, but for its limits. */
void channel_init(struct channel *c, enum route_channel channel);

/* Is there a worker that would take a job, or may there be one more? */
int channel_has_room(const struct channel *c, int64_t now_ms);

/*
 * deadline_now() at which there may be one more, since a local one is stalled by then; or
 * INT64_MAX.
 */
int64_t channel_more_at(const struct channel *c, int64_t now_ms);

/*
 * Give the job to a worker, one that has room for it or a new one.  Returns 0 when there
 * is none: it waits then until c->retry at least.
 */
int channel_begin(struct channel *c, struct task *job, int64_t now_ms);

/*
 * May the worker w, which has no job, go on with the destination that it served last,
 * though it is the turn of others?  A session costs more than a message, but nobody is
 * to wait long for that.
 */
int channel_may_go_on(const struct channel *c, const struct worker *w, int64_t now_ms);

/* Give it the job.  Returns 0 when it is gone. */
int channel_go_on(struct channel *c, struct worker *w, struct task *job, int64_t now_ms);

/* The first job of the worker w is over; when it has no other it is kept for a while. */
void channel_end(struct channel *c, struct worker *w, int64_t now_ms);

/* Take back the last job of the worker w, which is lost: as worker_take_back. */
struct task *channel_take_back(struct channel *c, struct worker *w, int said);

/* Close the connection w, which has no job. */
void channel_drop(struct channel *c, struct worker *w);

/* deadline_now() at which the first of the workers has waited too long; or INT64_MAX. */
int64_t channel_until(const struct channel *c);

#endif
