#include <stdlib.h>
#include <string.h>

#include "lib/heap.h"
#include "lib/queueid.h"
#include "turns/backoff.h"
#include "turns/destination.h"

#define REMEMBERED_MAX 10000 /* destinations, most of them down */
#define PAUSE_FIRST 60       /* seconds before a destination is tried again */
#define PAUSE_DOUBLINGS 6    /* up to 64 minutes */

uint64_t
destination_key(enum route_channel channel, const char *domain, const char *way)
{
	uint64_t key = queueid_hash(domain, channel);

	return *way == '\0' ? key : queueid_hash(way, key);
}

struct destination *
destination_find(const struct destination_table *t, uint64_t key)
{
	return (struct destination *)table_find(&t->all, key);
}

struct destination *
destination_get(struct destination_table *t, enum route_channel channel,
    const char *domain, const char *way)
{
	uint64_t key = destination_key(channel, domain, way);
	size_t len = strlen(domain) + 1;
	struct table_entry *e = table_find(&t->all, key);
	struct destination *d;

	for (; e != NULL; e = table_find_next(e)) {
		d = (struct destination *)e;
		if (d->channel == channel && strcmp(d->domain, domain) == 0 &&
		    strcmp(d->way, way) == 0)
			return d;
	}
	d = heap_make(1, sizeof *d + len + strlen(way) + 1);
	d->channel = channel;
	strcpy(d->domain, domain);
	d->way = strcpy(d->domain + len, way);
	table_put(&t->all, &d->entry, key);
	return d;
}

void
destination_put(struct destination_table *t, struct task *job)
{
	struct destination *d = job->destination;

	flow_put(&t->lines[d->channel], &d->party, &job->user->party, &job->ring);
}

void
destination_return(struct destination_table *t, struct task *job)
{
	struct destination *d = job->destination;

	--d->running;
	pace_return(&d->pace);
	flow_return(&t->lines[d->channel], &d->party, &job->user->party, &job->ring);
}

static struct task *
task_of(struct ring *node)
{
	return RING_OF(node, struct task, ring);
}

struct task *
destination_shift(struct destination_table *t, struct destination *d)
{
	struct flow *line;

	if (d->party.turn == NULL)
		return NULL;
	line = flow_line(d->party.turn, FLOW_BY_DESTINATION);
	d->party.turn = d->party.turn->next;
	return task_of(flow_shift(&t->lines[d->channel], line));
}

struct limits {
	size_t most;
	struct pace_rates *rates;
	int64_t now, until; /* as in pace.h */
};

static int
may_go(void *context, const struct flow *line)
{
	struct limits *limits = context;
	struct destination *d =
	    RING_OF(line->party[FLOW_BY_DESTINATION], struct destination, party);

	if (d->channel == ROUTE_LOCAL)
		return d->running < limits->most;
	if (d->running >= (d->failures ? 1 : window_size(&d->window, limits->most)))
		return 0;
	return pace_may(
	    &d->pace, limits->rates, d->domain, d->running, limits->now, &limits->until);
}

struct task *
destination_next(struct destination_table *t, enum route_channel channel, size_t most,
    struct pace_rates *rates, int64_t now_ms, int64_t *until)
{
	struct limits limits = {most, rates, now_ms * 1000, INT64_MAX};
	struct ring *next = flow_next(&t->lines[channel], 0, may_go, &limits);
	struct task *job;

	*until = INT64_MAX;
	if (next == NULL) {
		if (limits.until < INT64_MAX)
			*until = limits.until / 1000 + 1;
		return NULL;
	}
	job = task_of(next);
	++job->destination->running;
	pace_take(&job->destination->pace, limits.now);
	return job;
}

struct task *
destination_more(struct destination_table *t, struct destination *d, size_t most,
    struct pace_rates *rates, int64_t now_ms)
{
	struct limits limits = {most, rates, now_ms * 1000, INT64_MAX};
	struct task *job;

	if (d->party.turn == NULL ||
	    !may_go(&limits, flow_line(d->party.turn, FLOW_BY_DESTINATION)))
		return NULL;
	job = destination_shift(t, d);
	++d->running;
	pace_take(&d->pace, limits.now);
	return job;
}

void
destination_reached(struct destination *d)
{
	d->failures = d->troubles = 0;
	d->down_until = 0;
}

void
destination_failed(struct destination *d, int64_t now_ms, int64_t most)
{
	int64_t pause = backoff_wait(PAUSE_FIRST, d->failures, PAUSE_DOUBLINGS);

	/* several at once fail for one and the same reason */
	if (d->down_until > now_ms)
		return;
	d->down_until = now_ms + (pause < most ? pause : most) * 1000;
	++d->failures;
}

struct destination *
destination_each(const struct destination_table *t, const struct destination *d)
{
	return (struct destination *)table_next(&t->all, d != NULL ? &d->entry : NULL);
}

static void
discard(struct destination_table *t, struct destination *d)
{
	table_remove(&t->all, &d->entry);
	stralloc_free(&d->reason);
	free(d);
}

static int
is_idle(const struct destination *d)
{
	return d->party.count == 0 && d->running == 0;
}

/* Those that may be tried again anyway; without a memory they are tried as if new. */
static void
sweep(struct destination_table *t, int64_t now_ms)
{
	struct destination *d, *next = destination_each(t, NULL);

	while ((d = next) != NULL) {
		next = destination_each(t, d);
		if (is_idle(d) && d->down_until <= now_ms &&
		    d->pace.next / 1000 <= now_ms)
			discard(t, d);
	}
}

void
destination_release(struct destination_table *t, struct destination *d, int64_t now_ms)
{
	if (!is_idle(d))
		return;
	if (d->failures == 0 && !d->window.threshold && d->pace.mx == NULL &&
	    d->pace.next <= now_ms * 1000) {
		discard(t, d);
		return;
	}
	if (t->all.count > REMEMBERED_MAX)
		sweep(t, now_ms);
	if (t->all.count > REMEMBERED_MAX)
		sweep(t, INT64_MAX);
}

void
destination_forgive(struct destination_table *t)
{
	struct destination *d = NULL;

	while ((d = destination_each(t, d)) != NULL)
		d->down_until = 0;
}
