#include <errno.h>
#include <time.h>
#include <unistd.h>

#include <errmsg.h>

#include "lib/queueid.h"
#include "lib/verdict.h"
#include "queue/parts.h"
#include "queue/place.h"
#include "schedule/admission.h"
#include "schedule/handed.h"
#include "schedule/intake.h"
#include "schedule/life.h"
#include "schedule/shedding.h"

#define STEP 64           /* messages started before deliveries are looked after again */
#define PAUSE_BUSY 1000   /* milliseconds: a lock is held for as long as a sync takes */
#define CLOCK_MARGIN 1000 /* seconds */

void
intake_init(struct intake *in, struct scheduler *s)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	in->began = (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
	if (parts_provide() == -1)
		die(DEFER, "there is no queue without queue/new");
	trigger_read_open(&in->lookout.trigger);
	lookout_rescan(&in->lookout, s);
}

static void
start(struct intake *in, struct scheduler *s, int64_t bucket, const char *id, int flags)
{
	switch (life_begin(s, bucket, id, flags)) {
	case MESSAGE_BUSY:
		if (!recall_put(&in->busy, bucket, id, s->now_ms + PAUSE_BUSY) &&
		    in->busy_unknown == 0)
			in->busy_unknown = s->now_ms + PAUSE_BUSY;
		break;
	case -1:
		lookout_trouble(&in->lookout, s, errno);
	}
}

/* Those that waited for room. */
static int
take_backlog(struct intake *in, struct scheduler *s)
{
	struct backlog_waiter w;

	if (s->backlog.ids.count == 0 || !backlog_take(&s->backlog, admission_may, s, &w))
		return 0;
	start(in, s, w.bucket, w.id, w.again | LIFE_TAKEN);
	return 1;
}

/* Those that the queue's service hands over. */
static int
take_handed(struct intake *in, struct scheduler *s)
{
	(void)in;
	return handed_take(s);
}

/*
 * What is older than we are may have been left when a former queue-run ended, also when
 * it is met later than by the first scan: it was locked then, or could not be read.
 */
static int
is_older(const struct intake *in, const char *id)
{
	return !in->lookout.scan.ended || queueid_time(id) < in->began ? LIFE_AGAIN : 0;
}

/* Those of which the trigger told. */
static int
take_told(struct intake *in, struct scheduler *s)
{
	const char *id = trigger_read_next(&in->lookout.trigger);

	if (id != NULL)
		start(in, s, PLACE_NEW, id, is_older(in, id));
	return id != NULL;
}

/* Those that a scan of queue/new finds; the first one meets what we left when we ended.
 */
static int
take_new(struct intake *in, struct scheduler *s)
{
	struct new_scan *scan = &in->lookout.scan;
	int r = 0, saved;
	const char *id = NULL;

	if (!scan->running && !scan->wanted)
		return 0;
	if (!scan->running)
		r = new_scan_begin(scan);
	if (r == 0 && scan->again && s->backlog.ids.count == BACKLOG_MAX) {
		new_scan_end(scan);
		s->backlog.lost = 1;
		return 0;
	}
	if (r == 0)
		r = new_scan_step(scan, &id);
	if (r == -1) {
		saved = errno;
		carpsys("unable to read queue/new");
		lookout_trouble(&in->lookout, s, saved);
		return 0;
	}
	if (id != NULL)
		start(in, s, PLACE_NEW, id, is_older(in, id));
	return r;
}

/* Returns as the sources do, 0 when the folder could not be opened. */
static int
open_folder(struct intake *in, struct scheduler *s, struct folder *f, int64_t place)
{
	int r = folder_open(f, &s->buckets.foreign, place);

	if (r == -1)
		lookout_trouble(&in->lookout, s, errno);
	return r == 1;
}

/* Returns 1; 0 when the folder has been read, or can't be. */
static int
read_folder(struct intake *in, struct scheduler *s, struct folder *f)
{
	const char *id;
	int r = folder_next(f, &s->buckets.foreign, &id);

	if (r == -1)
		lookout_trouble(&in->lookout, s, errno);
	if (id != NULL)
		start(in, s, f->place, id, LIFE_AGAIN);
	return r == 1;
}

/* Those of the buckets that are due. */
static int
take_due(struct intake *in, struct scheduler *s)
{
	char path[PLACE_PATH_MAX];

	if (!backlog_takes_due(&s->backlog))
		return 0;
	if (in->bucket.dir != NULL) {
		if (read_folder(in, s, &in->bucket))
			return 1;
		place_folder_path(path, in->bucket.place);
		/* else the last one to leave it removes it */
		buckets_end(&s->buckets, rmdir(path) == 0);
		return 1;
	}
	if (buckets_next(&s->buckets) > s->now)
		return 0;
	/* one that can't be read comes back when all are looked at again */
	if (!open_folder(in, s, &in->bucket, buckets_take(&s->buckets)))
		s->buckets.open = 0;
	return 1;
}

/* Those that were locked when their turn came. */
static int
take_busy(struct intake *in, struct scheduler *s)
{
	char id[QUEUEID_LEN + 1];
	int64_t bucket;

	if (recall_take(&in->busy, s->now_ms, &bucket, id)) {
		start(in, s, bucket, id, LIFE_AGAIN);
		return 1;
	}
	if (in->busy_unknown == 0 || in->busy_unknown > s->now_ms)
		return 0;
	in->busy_unknown = 0;
	lookout_rescan(&in->lookout, s);
	return 1;
}

/* Those whose destination may not be paused any more. */
static int
take_paused(struct intake *in, struct scheduler *s)
{
	char id[QUEUEID_LEN + 1];
	int64_t bucket;

	if (!backlog_takes_due(&s->backlog))
		return 0;
	if (in->paused.dir != NULL) {
		read_folder(in, s, &in->paused);
		return 1;
	}
	if (recall_take(&s->passed, s->now_ms, &bucket, id)) {
		start(in, s, bucket, id, LIFE_AGAIN);
		return 1;
	}
	if (!s->paused_wanted)
		return 0;
	s->paused_wanted = 0;
	return open_folder(in, s, &in->paused, PLACE_PAUSED);
}

/* Each takes one message, or a step towards it: 0 when it has nothing.  In their order.
 */
static int (*const sources[])(struct intake *, struct scheduler *) = {
    take_backlog, take_handed, take_told, take_new, take_due, take_busy, take_paused};

int
intake_rests(const struct intake *in, const struct scheduler *s)
{
	return s->stopping || s->now_ms < in->lookout.pause;
}

int
intake_step(struct intake *in, struct scheduler *s)
{
	int i = 0, n;

	if (intake_rests(in, s))
		return 0;
	lookout_look(&in->lookout, s);
	buckets_check(
	    &s->buckets, s->now + CLOCK_MARGIN + settings_longest(&s->settings));
	shedding_begin(s);
	while (i < STEP && s->now_ms >= in->lookout.pause) {
		n = 0;
		for (size_t k = 0; k < sizeof sources / sizeof *sources; ++k)
			n += sources[k](in, s);
		if (n == 0)
			return 0;
		i += n;
	}
	return 1;
}

int
intake_listens(const struct intake *in, const struct scheduler *s)
{
	return !intake_rests(in, s) && !trigger_read_has_more(&in->lookout.trigger);
}

static int64_t
earliest(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

int64_t
intake_until(const struct intake *in, const struct scheduler *s)
{
	int takes_due = backlog_takes_due(&s->backlog);
	int64_t next = buckets_next(&s->buckets), until = lookout_until(&in->lookout);

	if (s->stopping)
		return INT64_MAX;
	if (in->lookout.pause > s->now_ms)
		return in->lookout.pause;
	if (takes_due && (in->paused.dir != NULL || s->paused_wanted))
		return s->now_ms;
	if (takes_due)
		until = earliest(until, recall_until(&s->passed));
	if (takes_due && next != INT64_MAX)
		until = earliest(until, s->now_ms + (next - s->now) * 1000);
	if (in->busy_unknown)
		until = earliest(until, in->busy_unknown);
	return earliest(until, recall_until(&in->busy));
}
