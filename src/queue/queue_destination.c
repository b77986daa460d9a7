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
slot(struct queue_destinations *t, enum queue_channel_name channel, const char *domain)
{
	return &t->slots[queueid_hash(domain, channel) % QUEUE_DESTINATION_SLOTS];
}

struct queue_destination *
queue_destination_get(
    struct queue_destinations *t, enum queue_channel_name channel, const char *domain)
{
	struct queue_destination **p = slot(t, channel, domain), *d;

	for (d = *p; d; d = d->chain)
		if (d->channel == channel && strcmp(d->domain, domain) == 0)
			return d;
	d = calloc(1, sizeof *d + strlen(domain) + 1);
	if (!d)
		die(DEFER, "out of memory");
	d->channel = channel;
	strcpy(d->domain, domain);
	d->chain = *p;
	*p = d;
	++t->count;
	return d;
}

/* Just before the one whose turn it is, that is, last. */
static void
enter_ring(struct queue_destination **ring, struct queue_destination *d)
{
	if (!*ring) {
		*ring = d->next = d->prev = d;
		return;
	}
	d->next = *ring;
	d->prev = (*ring)->prev;
	d->prev->next = d->next->prev = d;
}

static void
leave_ring(struct queue_destination **ring, struct queue_destination *d)
{
	if (*ring == d)
		*ring = d->next == d ? NULL : d->next;
	d->prev->next = d->next;
	d->next->prev = d->prev;
}

void
queue_destination_put(struct queue_destinations *t, struct queue_job *job, int64_t now_ms)
{
	struct queue_destination *d = job->destination;

	job->next = NULL;
	job->since = now_ms;
	if (d->first)
		d->last->next = job;
	else {
		d->first = job;
		d->moved = now_ms;
		enter_ring(&t->ring[d->channel], d);
	}
	d->last = job;
	++d->waiting;
}

void
queue_destination_return(struct queue_destinations *t, struct queue_job *job)
{
	struct queue_destination *d = job->destination;

	job->next = d->first;
	if (!d->first) {
		d->last = job;
		enter_ring(&t->ring[d->channel], d);
	}
	d->first = job;
	++d->waiting;
	--d->running;
}

struct queue_job *
queue_destination_shift(struct queue_destinations *t, struct queue_destination *d)
{
	struct queue_job *job = d->first;

	if (!job)
		return NULL;
	d->first = job->next;
	--d->waiting;
	if (!d->first)
		leave_ring(&t->ring[d->channel], d);
	return job;
}

static size_t
limit(const struct queue_destination *d, size_t most)
{
	if (d->channel == QUEUE_LOCAL)
		return most;
	return d->failures ? 1 : queue_window_size(&d->window, most);
}

struct queue_job *
queue_destination_next(struct queue_destinations *t, enum queue_channel_name channel,
    size_t most, int64_t now_ms)
{
	struct queue_destination *begin = t->ring[channel], *d = begin;

	if (!d)
		return NULL;
	while (d->running >= limit(d, most)) {
		d = d->next;
		if (d == begin)
			return NULL;
	}
	t->ring[channel] = d->next;
	++d->running;
	d->moved = now_ms;
	return queue_destination_shift(t, d);
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
	struct queue_destination **p = slot(t, d->channel, d->domain);

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
			if (!d->first && d->running == 0 && d->down_until <= now_ms)
				discard(t, d);
		}
}

void
queue_destination_release(
    struct queue_destinations *t, struct queue_destination *d, int64_t now_ms)
{
	if (d->first || d->running > 0)
		return;
	if (d->failures == 0 && !d->window.threshold) {
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
