#include "queue/queue_channel.h"

#include <string.h>

#include <errmsg.h>

#include "queue/queue_message.h"
#include "queue/queue_scheduler.h"

#define GROUP_LOCAL 50      /* recipients in a job: they share the syncs */
#define GROUP_REMOTE 100    /* RFC 5321, 4.5.3.1.8: what every server takes */
#define SECONDS_LOCAL 300   /* for a job, and what its bytes take at least: */
#define SECONDS_REMOTE 1800 /* the sum of RFC 5321, 4.5.3.2 for a few hosts */
#define BYTES_LOCAL 100000  /* per second */
#define BYTES_REMOTE 1000
#define PAUSE_FIRST 1000 /* milliseconds after a connection failed, doubled each time */
#define PAUSE_DOUBLINGS 5

void
queue_channels_init(struct queue_scheduler *s)
{
	struct queue_channel *local = &s->channels[QUEUE_LOCAL];
	struct queue_channel *remote = &s->channels[QUEUE_REMOTE];

	local->name = "local";
	local->path = "run/deliver.sock";
	local->group = GROUP_LOCAL;
	remote->name = "remote";
	remote->path = "run/send.sock";
	remote->group = GROUP_REMOTE;
	queue_channels_limit(s);
}

void
queue_channels_limit(struct queue_scheduler *s)
{
	struct queue_channel *local = &s->channels[QUEUE_LOCAL];
	struct queue_channel *remote = &s->channels[QUEUE_REMOTE];

	local->limit = local->most = s->settings.local;
	remote->limit = s->settings.remote;
	remote->most = s->settings.destination > 0 ? s->settings.destination : 1;
}

static enum queue_channel_name
name_of(const struct queue_scheduler *s, const struct queue_channel *c)
{
	return c - s->channels;
}

void
queue_channel_drop(struct queue_channel *c, struct queue_worker *w)
{
	size_t i = 0;

	while (c->workers[i] != w)
		++i;
	c->workers[i] = c->workers[--c->count];
	queue_worker_close(w);
}

static struct queue_worker *
open_worker(struct queue_scheduler *s, struct queue_channel *c)
{
	struct queue_worker *w = queue_worker_open(c->path);
	unsigned doublings =
	    c->failures < PAUSE_DOUBLINGS ? c->failures : PAUSE_DOUBLINGS;

	if (w) {
		c->failures = 0;
		c->workers[c->count++] = w;
		return w;
	}
	carpsys("unable to connect to ", c->path);
	c->retry = s->now_ms + ((int64_t)PAUSE_FIRST << doublings);
	++c->failures;
	return NULL;
}

/*
 * A free worker: the one that served the domain before, whose session may be open still;
 * else any for local mail, and a new one for remote mail while there is room.
 */
static struct queue_worker *
find_worker(struct queue_scheduler *s, struct queue_channel *c, const char *domain)
{
	struct queue_worker *oldest = NULL;

	for (size_t i = 0; i < c->count; ++i) {
		struct queue_worker *w = c->workers[i];

		if (w->job)
			continue;
		if (name_of(s, c) == QUEUE_LOCAL || strcmp(w->last.s, domain) == 0)
			return w;
		if (!oldest || w->until < oldest->until)
			oldest = w;
	}
	return c->count < c->limit || !oldest ? open_worker(s, c) : oldest;
}

static int64_t
job_deadline(const struct queue_scheduler *s, const struct queue_channel *c,
    const struct queue_job *job)
{
	int64_t bytes = job->message->file.header.message;
	int64_t seconds = name_of(s, c) == QUEUE_LOCAL
			      ? SECONDS_LOCAL + bytes / BYTES_LOCAL * (int64_t)job->count
			      : SECONDS_REMOTE + bytes / BYTES_REMOTE;

	return s->now_ms + seconds * 1000;
}

/* Returns 0 when the job has gone back into its line. */
static int
begin(struct queue_scheduler *s, struct queue_channel *c, struct queue_job *job)
{
	struct queue_worker *w;

	while ((w = find_worker(s, c, job->destination->domain))) {
		if (queue_worker_begin(w, job, job_deadline(s, c, job)) == 0) {
			++c->busy;
			return 1;
		}
		/* it went away while it was idle: the next one */
		queue_channel_drop(c, w);
	}
	queue_destination_return(&s->destinations, job);
	return 0;
}

static void
dispatch(struct queue_scheduler *s, struct queue_channel *c)
{
	c->paced = INT64_MAX;
	while (c->busy < c->limit && s->now_ms >= c->retry) {
		struct queue_job *job = queue_destination_next(&s->destinations,
		    name_of(s, c), c->most, &s->settings.rates, s->now_ms, &c->paced);

		if (!job || !begin(s, c, job))
			return;
	}
}

void
queue_channels_dispatch(struct queue_scheduler *s)
{
	if (s->stopping)
		return;
	for (int i = 0; i < QUEUE_CHANNELS; ++i)
		dispatch(s, &s->channels[i]);
}

size_t
queue_channels_poll(struct queue_scheduler *s, struct pollfd *p)
{
	size_t n = 0;

	for (int k = 0; k < QUEUE_CHANNELS; ++k)
		for (size_t i = 0; i < s->channels[k].count; ++i) {
			struct queue_worker *w = s->channels[k].workers[i];

			p[n++] = (struct pollfd){w->fd, queue_worker_events(w), 0};
		}
	return n;
}

int64_t
queue_channels_until(const struct queue_scheduler *s)
{
	int64_t until = INT64_MAX;

	for (int k = 0; k < QUEUE_CHANNELS; ++k) {
		const struct queue_channel *c = &s->channels[k];

		for (size_t i = 0; i < c->count; ++i)
			if (c->workers[i]->until < until)
				until = c->workers[i]->until;
		if (s->destinations.lines[k].ring[0] && c->retry > s->now_ms &&
		    c->retry < until)
			until = c->retry;
		if (c->paced < until)
			until = c->paced;
	}
	return until;
}

size_t
queue_channels_busy(const struct queue_scheduler *s)
{
	return s->channels[QUEUE_LOCAL].busy + s->channels[QUEUE_REMOTE].busy;
}
