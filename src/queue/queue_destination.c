#include "queue/queue_destination.h"

#include <stdlib.h>
#include <string.h>

#include <errmsg.h>

#include "lib/queueid.h"
#include "lib/text.h"
#include "lib/verdict.h"

#define REMEMBERED_MAX 10000 /* destinations, most of them down */
#define PAUSE_FIRST 60       /* seconds before a destination is tried again */
#define PAUSE_DOUBLINGS 6    /* up to 64 minutes */

static struct queue_destination **
slot(const struct queue_destinations *t, uint64_t key)
{
	return (struct queue_destination **)&t->slots[key % QUEUE_DESTINATION_SLOTS];
}

uint64_t
queue_destination_key(enum queue_channel_name channel, const char *domain)
{
	return queueid_hash(domain, channel);
}

struct queue_destination *
queue_destination_find(const struct queue_destinations *t, uint64_t key)
{
	struct queue_destination *d = *slot(t, key);

	while (d && d->key != key)
		d = d->chain;
	return d;
}

struct queue_destination *
queue_destination_get(
    struct queue_destinations *t, enum queue_channel_name channel, const char *domain)
{
	uint64_t key = queue_destination_key(channel, domain);
	struct queue_destination **p = slot(t, key), *d;

	for (d = *p; d; d = d->chain)
		if (d->channel == channel && strcmp(d->domain, domain) == 0)
			return d;
	d = calloc(1, sizeof *d + strlen(domain) + 1);
	if (!d)
		die(DEFER, "out of memory");
	d->key = key;
	d->channel = channel;
	strcpy(d->domain, domain);
	d->chain = *p;
	*p = d;
	++t->count;
	return d;
}

void
queue_destination_put(struct queue_destinations *t, struct queue_job *job)
{
	struct queue_destination *d = job->destination;

	++d->waiting;
	queue_line_put(&t->lines[d->channel], &d->party, &job->user->party, job);
}

void
queue_destination_return(struct queue_destinations *t, struct queue_job *job)
{
	struct queue_destination *d = job->destination;

	++d->waiting;
	--d->running;
	queue_pace_return(&d->pace);
	queue_line_return(&t->lines[d->channel], &d->party, &job->user->party, job);
}

struct queue_job *
queue_destination_shift(struct queue_destinations *t, struct queue_destination *d)
{
	struct queue_line *line = d->party.turn;

	if (!line)
		return NULL;
	--d->waiting;
	d->party.turn = line->next[QUEUE_BY_DESTINATION];
	return queue_line_shift(&t->lines[d->channel], line);
}

struct limits {
	size_t most;
	struct queue_rates *rates;
	int64_t now, until; /* as in queue_pace.h */
};

static int
may_go(void *context, struct queue_party *party)
{
	struct limits *limits = context;
	struct queue_destination *d = (struct queue_destination *)party;

	if (d->channel == QUEUE_LOCAL)
		return d->running < limits->most;
	if (d->running >= (d->failures ? 1 : queue_window_size(&d->window, limits->most)))
		return 0;
	return queue_pace_may(
	    &d->pace, limits->rates, d->domain, d->running, limits->now, &limits->until);
}

struct queue_job *
queue_destination_next(struct queue_destinations *t, enum queue_channel_name channel,
    size_t most, struct queue_rates *rates, int64_t now_ms, int64_t *until)
{
	struct limits limits = {most, rates, now_ms * 1000, INT64_MAX};
	struct queue_job *job = queue_line_next(&t->lines[channel], may_go, &limits);

	*until = INT64_MAX;
	if (!job) {
		if (limits.until < INT64_MAX)
			*until = limits.until / 1000 + 1;
		return NULL;
	}
	--job->destination->waiting;
	++job->destination->running;
	queue_pace_take(&job->destination->pace, limits.now);
	return job;
}

void
queue_destination_reached(struct queue_destination *d)
{
	d->failures = d->troubles = 0;
	d->down_until = 0;
}

void
queue_destination_failed(struct queue_destination *d, int64_t now_ms, int64_t most)
{
	unsigned doublings =
	    d->failures < PAUSE_DOUBLINGS ? d->failures : PAUSE_DOUBLINGS;
	int64_t pause = (int64_t)PAUSE_FIRST << doublings;

	/* several at once fail for one and the same reason */
	if (d->down_until > now_ms)
		return;
	d->down_until = now_ms + (pause < most ? pause : most) * 1000;
	++d->failures;
}

static void
discard(struct queue_destinations *t, struct queue_destination *d)
{
	struct queue_destination **p = slot(t, d->key);

	while (*p != d)
		p = &(*p)->chain;
	*p = d->chain;
	--t->count;
	stralloc_free(&d->reason);
	free(d);
}

/* Those that may be tried again anyway; without a memory they are tried as if new. */
static void
sweep(struct queue_destinations *t, int64_t now_ms)
{
	for (size_t i = 0; i < QUEUE_DESTINATION_SLOTS; ++i)
		for (struct queue_destination *d = t->slots[i], *chain; d; d = chain) {
			chain = d->chain;
			if (d->waiting == 0 && d->running == 0 &&
			    d->down_until <= now_ms && d->pace.next / 1000 <= now_ms)
				discard(t, d);
		}
}

void
queue_destination_release(
    struct queue_destinations *t, struct queue_destination *d, int64_t now_ms)
{
	if (d->waiting > 0 || d->running > 0)
		return;
	if (d->failures == 0 && !d->window.threshold && !d->pace.mx &&
	    d->pace.next <= now_ms * 1000) {
		discard(t, d);
		return;
	}
	if (t->count > REMEMBERED_MAX)
		sweep(t, now_ms);
	if (t->count > REMEMBERED_MAX)
		sweep(t, INT64_MAX);
}

void
queue_destination_forgive(struct queue_destinations *t)
{
	for (size_t i = 0; i < QUEUE_DESTINATION_SLOTS; ++i)
		for (struct queue_destination *d = t->slots[i]; d; d = d->chain)
			d->down_until = 0;
}
