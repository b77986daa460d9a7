#include "queue/queue_feed.h"

#include <errmsg.h>

#include "lib/verdict.h"
#include "queue/queue_parts.h"
#include "queue/queue_relief.h"
#include "queue/queue_scheduler.h"
#include "queue/queue_source.h"

#define STEP 64           /* messages started before deliveries are looked after again */
#define LOOK_SOON 10000   /* milliseconds after work that queue/new is looked at */
#define LOOK_IDLE 300000  /* milliseconds between looks when there is nothing to do */
#define LOOK_DEAF 1000    /* milliseconds between scans without a trigger */
#define CLOCK_MARGIN 1000 /* seconds */

void
queue_feed_init(struct queue_feed *f, struct queue_scheduler *s)
{
	if (queue_parts_provide() == -1)
		die(DEFER, "there is no queue without queue/new");
	queue_trigger_open(&f->trigger);
	queue_feed_rescan(f, s);
}

void
queue_feed_rescan(struct queue_feed *f, struct queue_scheduler *s)
{
	f->scan.wanted = s->paused_wanted = 1;
	f->pause = f->retry = 0;
	if (queue_buckets_scan(&s->buckets) == -1) {
		carpsys("unable to read queue/later");
		f->pause = s->now_ms + QUEUE_PAUSE_TROUBLE;
	}
}

void
queue_feed_hear(struct queue_feed *f)
{
	if (queue_trigger_hear(&f->trigger))
		f->scan.wanted = 1;
}

/* Without a trigger, as on a file system that has no FIFOs. */
static void
look_deaf(struct queue_feed *f, struct queue_scheduler *s)
{
	if (s->now_ms < f->look)
		return;
	f->look = s->now_ms + LOOK_DEAF;
	f->scan.wanted = 1;
}

/* A look costs one call, and finds what an injector could not tell us. */
static void
look(struct queue_feed *f, struct queue_scheduler *s)
{
	if (f->retry && s->now_ms >= f->retry)
		queue_feed_rescan(f, s);
	if (f->trigger.fd == -1) {
		look_deaf(f, s);
		return;
	}
	if (s->active.count > 0) {
		f->look = s->now_ms + LOOK_SOON;
		return;
	}
	if (s->now_ms < f->look)
		return;
	f->look = s->now_ms + LOOK_IDLE;
	f->scan.wanted |= queue_scan_is_stale(&f->scan);
}

int
queue_feed_takes_due(const struct queue_scheduler *s)
{
	return s->backlog.count < QUEUE_BACKLOG_MAX / 2;
}

/* Those that had no place in the backlog are looked for when there are some again. */
static void
find_lost(struct queue_feed *f, struct queue_scheduler *s)
{
	if (!s->backlog.lost || f->scan.running || !queue_feed_takes_due(s))
		return;
	s->backlog.lost = 0;
	f->scan.again = !f->scan.wanted;
	queue_feed_rescan(f, s);
}

/* One of each; returns how many.  Who has waited for room goes first. */
static int
feed(struct queue_feed *f, struct queue_scheduler *s)
{
	int n = queue_source_backlog(f, s);

	n += queue_source_told(f, s);
	n += queue_source_new(f, s);
	n += queue_source_due(f, s);
	n += queue_source_busy(f, s);
	return n + queue_source_paused(f, s);
}

int
queue_feed_step(struct queue_feed *f, struct queue_scheduler *s)
{
	int i = 0, n;

	if (s->stopping || s->now_ms < f->pause)
		return 0;
	look(f, s);
	find_lost(f, s);
	queue_buckets_check(
	    &s->buckets, s->now + CLOCK_MARGIN + queue_settings_longest(&s->settings));
	queue_relieve(s);
	while (i < STEP && s->now_ms >= f->pause) {
		n = feed(f, s);
		if (n == 0)
			return 0;
		i += n;
	}
	return 1;
}

int
queue_feed_listens(const struct queue_feed *f, const struct queue_scheduler *s)
{
	return !s->stopping && s->now_ms >= f->pause &&
	       !queue_trigger_has_more(&f->trigger);
}

int64_t
queue_feed_until(const struct queue_feed *f, const struct queue_scheduler *s)
{
	int64_t next = queue_buckets_next(&s->buckets), until = f->look;

	if (s->stopping)
		return INT64_MAX;
	if (f->pause > s->now_ms)
		return f->pause;
	if ((f->paused || s->paused_wanted || s->passed.due > 0) &&
	    queue_feed_takes_due(s))
		return s->now_ms;
	if (next != INT64_MAX && queue_feed_takes_due(s) &&
	    s->now_ms + (next - s->now) * 1000 < until)
		until = s->now_ms + (next - s->now) * 1000;
	if (f->retry && f->retry < until)
		until = f->retry;
	if (queue_busy_until(&f->busy) < until)
		until = queue_busy_until(&f->busy);
	return until;
}
