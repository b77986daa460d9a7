#include "queue/queue_feed.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <errmsg.h>

#include "lib/queueid.h"
#include "lib/verdict.h"
#include "queue/queue_place.h"
#include "queue/queue_relief.h"
#include "queue/queue_scheduler.h"

#define STEP 64 /* messages started before deliveries are looked after again */
#define PAUSE_TROUBLE 10000 /* milliseconds without new messages when in trouble */
#define LOOK_SOON 10000     /* milliseconds after work that queue/new is looked at */
#define LOOK_IDLE 300000    /* milliseconds between looks when there is nothing to do */
#define CLOCK_MARGIN 1000   /* seconds */

static void
need_folder(const char *path)
{
	if (access(path, R_OK | W_OK | X_OK) == -1)
		diesys(DEFER, "unable to use ", path);
}

void
queue_feed_init(struct queue_feed *f, struct queue_scheduler *s)
{
	need_folder("queue/new");
	need_folder("queue/later");
	need_folder("queue/bad");
	queue_trigger_open(&f->trigger);
	f->first = 1;
	queue_feed_rescan(f, s);
}

void
queue_feed_rescan(struct queue_feed *f, struct queue_scheduler *s)
{
	f->wanted = 1;
	f->pause = 0;
	if (queue_buckets_scan(&s->buckets) == -1) {
		carpsys("unable to read queue/later");
		f->pause = s->now_ms + PAUSE_TROUBLE;
	}
}

/* Our own trouble, such as no descriptors: what is not started now is found by a scan. */
static void
rest(struct queue_feed *f, struct queue_scheduler *s)
{
	queue_feed_rescan(f, s);
	f->pause = s->now_ms + PAUSE_TROUBLE;
}

static void
start(struct queue_feed *f, struct queue_scheduler *s, int64_t bucket, const char *id,
    int again)
{
	if (queue_message_start(s, bucket, id, again) == -1)
		rest(f, s);
}

void
queue_feed_hear(struct queue_feed *f)
{
	if (queue_trigger_hear(&f->trigger))
		f->wanted = 1;
}

/* Each of these returns 1 when it has used its turn, 0 when it has nothing. */
static int
feed_told(struct queue_feed *f, struct queue_scheduler *s)
{
	const char *id = queue_trigger_next(&f->trigger);

	if (!id)
		return 0;
	start(f, s, 0, id, 0);
	return 1;
}

/* What stands under name in a bucket or in queue/new. */
static void
feed_name(struct queue_feed *f, struct queue_scheduler *s, int64_t bucket,
    const char *name, int again)
{
	if (queueid_is(name))
		start(f, s, bucket, name, again);
	else if (name[0] != '.' && strncmp(name, "tmp.", 4) != 0)
		queue_condemn(name, bucket, "not named by a message ID");
}

static int
begin_scan(struct queue_feed *f, struct queue_scheduler *s)
{
	struct stat st;

	f->wanted = 0;
	if (stat("queue/new", &st) == 0)
		f->seen = st.st_mtim;
	f->new = opendir("queue/new");
	if (f->new)
		return 1;
	carpsys("unable to read queue/new");
	rest(f, s);
	return 0;
}

static int
feed_scan(struct queue_feed *f, struct queue_scheduler *s)
{
	struct dirent *entry;

	if (!f->new && (!f->wanted || !begin_scan(f, s)))
		return 0;
	entry = readdir(f->new);
	if (entry) {
		feed_name(f, s, 0, entry->d_name, f->first);
		return 1;
	}
	closedir(f->new);
	f->new = NULL;
	f->first = 0;
	return 0;
}

static int
begin_bucket(struct queue_feed *f, struct queue_scheduler *s)
{
	char path[QUEUE_PATH_MAX];

	if (queue_buckets_next(&s->buckets) > s->now)
		return 0;
	queue_bucket_path(path, queue_buckets_take(&s->buckets));
	f->bucket = opendir(path);
	if (f->bucket)
		return 1;
	s->buckets.open = 0;
	if (errno == ENOENT || errno == ENOTDIR)
		return 1;
	carpsys("unable to read ", path);
	rest(f, s);
	return 0;
}

static void
end_bucket(struct queue_feed *f, struct queue_scheduler *s)
{
	char path[QUEUE_PATH_MAX];

	closedir(f->bucket);
	f->bucket = NULL;
	queue_bucket_path(path, s->buckets.open);
	rmdir(path); /* else the last one to leave it does */
	s->buckets.open = 0;
}

static int
feed_bucket(struct queue_feed *f, struct queue_scheduler *s)
{
	struct dirent *entry;

	if (!f->bucket)
		return begin_bucket(f, s);
	entry = readdir(f->bucket);
	if (entry)
		feed_name(f, s, s->buckets.open, entry->d_name, 1);
	else
		end_bucket(f, s);
	return 1;
}

/* A look costs one call, and finds what an injector could not tell us. */
static void
look(struct queue_feed *f, struct queue_scheduler *s)
{
	struct stat st;

	if (s->active.count > 0) {
		f->look = s->now_ms + LOOK_SOON;
		return;
	}
	if (s->now_ms < f->look)
		return;
	f->look = s->now_ms + LOOK_IDLE;
	if (stat("queue/new", &st) == 0 && (st.st_mtim.tv_sec != f->seen.tv_sec ||
					       st.st_mtim.tv_nsec != f->seen.tv_nsec))
		f->wanted = 1;
}

static int
has_more(const struct queue_feed *f, const struct queue_scheduler *s)
{
	return f->new || f->wanted || f->bucket || queue_trigger_has_more(&f->trigger) ||
	       queue_buckets_next(&s->buckets) <= s->now;
}

int
queue_feed_step(struct queue_feed *f, struct queue_scheduler *s)
{
	int i = 0;

	if (s->stopping || s->now_ms < f->pause)
		return 0;
	look(f, s);
	queue_buckets_check(
	    &s->buckets, s->now + CLOCK_MARGIN + queue_settings_longest(&s->settings));
	while (i < STEP && s->now_ms >= f->pause) {
		int told, scanned, due;

		if (queue_active_is_full(&s->active) && has_more(f, s))
			queue_relieve(s);
		if (queue_active_is_full(&s->active))
			return 0;
		told = feed_told(f, s);
		scanned = feed_scan(f, s);
		due = feed_bucket(f, s);
		if (!told && !scanned && !due)
			return 0;
		i += told + scanned + due;
	}
	return 1;
}

int
queue_feed_listens(const struct queue_feed *f, const struct queue_scheduler *s)
{
	return !s->stopping && s->now_ms >= f->pause &&
	       !queue_active_is_full(&s->active) && !queue_trigger_has_more(&f->trigger);
}

int64_t
queue_feed_until(const struct queue_feed *f, const struct queue_scheduler *s)
{
	int64_t next = queue_buckets_next(&s->buckets), until = f->look;

	if (s->stopping)
		return INT64_MAX;
	if (f->pause > s->now_ms)
		return f->pause;
	if (queue_active_is_full(&s->active))
		return s->now_ms + 1000;
	if (next != INT64_MAX && s->now_ms + (next - s->now) * 1000 < until)
		until = s->now_ms + (next - s->now) * 1000;
	return until;
}
