#include <string.h>

#include <errmsg.h>

#include "schedule/channel.h"
#include "schedule/message.h"
#include "turns/backoff.h"

#define GROUP 50          /* recipients in a job: of local ones, they share the syncs */
#define IDLE_LOCAL 300000 /* milliseconds */
#define IDLE_REMOTE 30000 /* a session may still be open behind it */
#define SECONDS_LOCAL 300 /* for a job, and what its bytes take at least: */
#define SECONDS_REMOTE                                                                   \
	2700               /* more than mx-send takes, which ends by itself: mx-send(8) */
#define BYTES_LOCAL 100000 /* per second */
#define BYTES_REMOTE 1000
#define STALLED 1000     /* milliseconds */
#define STALLED_MORE 4   /* times as many connections, where that many are stalled */
#define MORE 20          /* jobs that follow one in its session before others' turn */
#define MORE_TIME 3000   /* milliseconds in which they have to begin */
#define PAUSE_FIRST 1000 /* milliseconds after a connection failed, doubled each time */
#define PAUSE_DOUBLINGS 5

void
channel_init(struct channel *c, enum route_channel channel)
{
	int is_local = channel == ROUTE_LOCAL;

	c->channel = channel;
	c->name = is_local ? "local" : "remote";
	c->path = is_local ? "run/deliver.sock" : "run/send.sock";
	c->depth = is_local ? WORKER_JOBS_MAX : 1;
	c->group = GROUP;
	c->idle = is_local ? IDLE_LOCAL : IDLE_REMOTE;
}

void
channel_drop(struct channel *c, struct worker *w)
{
	size_t i = 0;

	while (c->workers[i] != w)
		++i;
	c->workers[i] = c->workers[--c->count];
	worker_close(w);
}

static struct worker *
open_worker(struct channel *c, int64_t now_ms)
{
	struct worker *w = worker_open(c->path);

	if (w != NULL) {
		c->failures = 0;
		c->workers[c->count++] = w;
		return w;
	}
	carpsys("unable to connect to ", c->path);
	c->retry = now_ms + backoff_wait(PAUSE_FIRST, c->failures++, PAUSE_DOUBLINGS);
	return NULL;
}

static int
is_stalled(const struct worker *w, int64_t now_ms)
{
	const struct task *job = worker_job(w);

	return job != NULL && now_ms - job->since >= STALLED;
}

/* One that has not ended its oldest job for so long gets no others to hold up. */
static int
may_take(const struct channel *c, const struct worker *w, int64_t now_ms)
{
	const struct task *job = worker_job(w);

	return job == NULL ||
	       (w->count < c->depth && !job->is_alone && !is_stalled(w, now_ms));
}

/*
 * How many connections there may be.  A local one that is stalled costs next to nothing:
 * its oldest job waits for another service.  The mail of others goes on beside it.
 */
static size_t
connections_max(const struct channel *c, int64_t now_ms)
{
	size_t most = c->limit;

	if (c->channel != ROUTE_LOCAL)
		return most;
	for (size_t i = 0; i < c->count && most < c->limit * STALLED_MORE; ++i)
		most += is_stalled(c->workers[i], now_ms);
	return most < SETTINGS_CONCURRENCY_MAX ? most : SETTINGS_CONCURRENCY_MAX;
}

int64_t
channel_more_at(const struct channel *c, int64_t now_ms)
{
	int64_t at = INT64_MAX;

	if (c->channel != ROUTE_LOCAL)
		return at;
	for (size_t i = 0; i < c->count; ++i) {
		const struct task *job = worker_job(c->workers[i]);

		if (job != NULL && job->since + STALLED > now_ms &&
		    job->since + STALLED < at)
			at = job->since + STALLED;
	}
	return at;
}

int
channel_has_room(const struct channel *c, int64_t now_ms)
{
	size_t most = connections_max(c, now_ms);

	if (c->busy >= most * c->depth)
		return 0;
	if (c->busy < c->count * c->depth)
		for (size_t i = 0; i < c->count; ++i)
			if (may_take(c, c->workers[i], now_ms))
				return 1;
	return c->count < most && now_ms >= c->retry;
}

/*
 * A worker that takes it: the one that served the domain before, whose session may be
 * open still; else any for local mail, and a new one for remote mail while there is room.
 */
static struct worker *
find_worker(struct channel *c, const struct task *job, int64_t now_ms)
{
	uint64_t key = job->destination->entry.key;
	struct worker *oldest = NULL;

	for (size_t i = 0; i < c->count; ++i) {
		struct worker *w = c->workers[i];

		if (!may_take(c, w, now_ms) || (job->is_alone && w->count > 0))
			continue;
		if (c->channel == ROUTE_LOCAL || w->last == key)
			return w;
		if (oldest == NULL || w->until < oldest->until)
			oldest = w;
	}
	return c->count < connections_max(c, now_ms) ? open_worker(c, now_ms) : oldest;
}

/* The first job of w has its time from now on, or, when it has none, its rest. */
static void
set_time(const struct channel *c, struct worker *w, int64_t now_ms)
{
	const struct task *job = worker_job(w);
	int64_t bytes;

	if (job == NULL) {
		w->until = now_ms + c->idle;
		return;
	}
	bytes = job->message->file.header.message;
	w->until = now_ms + 1000 * (c->channel == ROUTE_LOCAL
					   ? SECONDS_LOCAL +
						 bytes / BYTES_LOCAL * (int64_t)job->count
					   : SECONDS_REMOTE + bytes / BYTES_REMOTE);
}

int
channel_begin(struct channel *c, struct task *job, int64_t now_ms)
{
	struct worker *w;

	job->since = now_ms;
	while ((w = find_worker(c, job, now_ms)) != NULL) {
		if (worker_begin(w, job) == 0) {
			w->turn = now_ms;
			w->more = 0;
			++c->busy;
			if (w->count == 1)
				set_time(c, w, now_ms);
			return 1;
		}
		/* it went away while it was idle: the next one */
		channel_drop(c, w);
	}
	return 0;
}

int
channel_may_go_on(const struct channel *c, const struct worker *w, int64_t now_ms)
{
	return c->channel == ROUTE_REMOTE && w->count == 0 && w->last != 0 &&
	       w->more < MORE && now_ms - w->turn < MORE_TIME;
}

int
channel_go_on(struct channel *c, struct worker *w, struct task *job, int64_t now_ms)
{
	job->since = now_ms;
	if (worker_begin(w, job) == -1) {
		channel_drop(c, w);
		return 0;
	}
	w->more++;
	++c->busy;
	set_time(c, w, now_ms);
	return 1;
}

void
channel_end(struct channel *c, struct worker *w, int64_t now_ms)
{
	--c->busy;
	worker_end(w);
	set_time(c, w, now_ms);
}

struct task *
channel_take_back(struct channel *c, struct worker *w, int said)
{
	struct task *job = worker_take_back(w, said);

	if (job != NULL)
		--c->busy;
	return job;
}

int64_t
channel_until(const struct channel *c)
{
	int64_t until = INT64_MAX;

	for (size_t i = 0; i < c->count; ++i)
		if (c->workers[i]->until < until)
			until = c->workers[i]->until;
	return until;
}
