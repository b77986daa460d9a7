#include "queue/queue_source.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include <errmsg.h>

#include "lib/queueid.h"
#include "queue/queue_feed.h"
#include "queue/queue_place.h"
#include "queue/queue_room.h"
#include "queue/queue_scheduler.h"

/* Our own trouble, such as no descriptors: what is not started now is found by a scan. */
static void
rest(struct queue_feed *f, struct queue_scheduler *s)
{
	queue_feed_rescan(f, s);
	f->pause = s->now_ms + QUEUE_PAUSE_TROUBLE;
}

/* Only then waiting helps; all else is wrong with one file or folder. */
static int
is_shortage(int error)
{
	return error == EMFILE || error == ENFILE || error == ENOMEM || error == ENOLCK;
}

/* What can't be read must not hold up the others; the admin may mend it meanwhile. */
static void
trouble(struct queue_feed *f, struct queue_scheduler *s, int error)
{
	if (is_shortage(error))
		rest(f, s);
	else
		f->retry = s->now_ms + QUEUE_PAUSE_UNREADABLE;
}

static void
start(struct queue_feed *f, struct queue_scheduler *s, int64_t bucket, const char *id,
    int flags)
{
	switch (queue_message_start(s, bucket, id, flags)) {
	case QUEUE_MESSAGE_BUSY:
		queue_busy_put(&f->busy, bucket, id, s->now_ms);
		break;
	case -1:
		trouble(f, s, errno);
	}
}

int
queue_source_told(struct queue_feed *f, struct queue_scheduler *s)
{
	const char *id = queue_trigger_next(&f->trigger);

	if (!id)
		return 0;
	start(f, s, 0, id, 0);
	return 1;
}

int
queue_source_backlog(struct queue_feed *f, struct queue_scheduler *s)
{
	char id[QUEUEID_LEN + 1] = {0};
	struct queue_waiter w;

	if (s->backlog.count == 0 ||
	    !queue_backlog_take(&s->backlog, queue_room_may, s, &w))
		return 0;
	memcpy(id, w.id, sizeof w.id);
	start(f, s, w.bucket, id, w.again | QUEUE_START_TAKEN);
	return 1;
}

int
queue_source_busy(struct queue_feed *f, struct queue_scheduler *s)
{
	char id[QUEUEID_LEN + 1];
	int64_t bucket;
	int r = queue_busy_take(&f->busy, s->now_ms, &bucket, id);

	if (r == 1)
		start(f, s, bucket, id, 1);
	if (r == -1)
		queue_feed_rescan(f, s);
	return r != 0;
}

static int
scan_trouble(struct queue_feed *f, struct queue_scheduler *s)
{
	int saved = errno;

	carpsys("unable to read queue/new");
	trouble(f, s, saved);
	return 0;
}

int
queue_source_new(struct queue_feed *f, struct queue_scheduler *s)
{
	int again = !f->scan.ended; /* the first one meets what we left when we ended */
	const char *id;
	int r;

	if (!f->scan.running && !f->scan.wanted)
		return 0;
	if (!f->scan.running && queue_scan_begin(&f->scan) == -1)
		return scan_trouble(f, s);
	if (f->scan.again && s->backlog.count == QUEUE_BACKLOG_MAX) {
		queue_scan_end(&f->scan);
		s->backlog.lost = 1;
		return 0;
	}
	r = queue_scan_step(&f->scan, &id);
	if (r == -1)
		return scan_trouble(f, s);
	if (id)
		start(f, s, 0, id, again);
	return r;
}

/* The bucket at path is taken off the list: it comes back when all are looked at again.
 */
static void
pass_over(struct queue_feed *f, struct queue_scheduler *s, const char *path, int error)
{
	if (error == ENOENT)
		return;
	if (error == ENOTDIR && strncmp(path, "queue/later/", 12) == 0)
		queue_foreign_meet(&s->buckets.foreign, "queue/later",
		    path + sizeof "queue/later", "not a folder");
	else {
		errno = error;
		carpsys("unable to read ", path);
		trouble(f, s, error);
	}
}

static int
begin_bucket(struct queue_feed *f, struct queue_scheduler *s)
{
	char path[QUEUE_PATH_MAX];

	if (queue_buckets_next(&s->buckets) > s->now)
		return 0;
	queue_folder_path(path, queue_buckets_take(&s->buckets));
	f->bucket = opendir(path);
	if (!f->bucket) {
		s->buckets.open = 0;
		pass_over(f, s, path, errno);
	}
	return 1;
}

/* A folder that was cut short by an error has names left that nobody has seen. */
static struct dirent *
next_name(struct queue_feed *f, struct queue_scheduler *s, DIR *dir, const char *path)
{
	struct dirent *entry;

	errno = 0;
	entry = readdir(dir);
	if (!entry && errno != 0) {
		int saved = errno;

		carpsys("unable to read ", path);
		trouble(f, s, saved);
	}
	return entry;
}

static void
end_bucket(struct queue_feed *f, struct queue_scheduler *s)
{
	char path[QUEUE_PATH_MAX];

	closedir(f->bucket);
	f->bucket = NULL;
	queue_folder_path(path, s->buckets.open);
	/* else the last one to leave it removes it */
	queue_buckets_end(&s->buckets, rmdir(path) == 0);
}

int
queue_source_due(struct queue_feed *f, struct queue_scheduler *s)
{
	struct dirent *entry;

	if (!queue_feed_takes_due(s))
		return 0;
	if (!f->bucket)
		return begin_bucket(f, s);
	entry = next_name(f, s, f->bucket, "a folder of queue/later");
	if (!entry)
		end_bucket(f, s);
	else if (queueid_is(entry->d_name))
		start(f, s, s->buckets.open, entry->d_name, 1);
	else
		queue_foreign_condemn_name(
		    &s->buckets.foreign, entry->d_name, s->buckets.open);
	return 1;
}

/* A folder that is not there is made by the first message that needs it. */
static int
begin_paused(struct queue_feed *f, struct queue_scheduler *s)
{
	char id[QUEUEID_LEN + 1];
	int64_t bucket;

	if (queue_passed_take(&s->passed, &bucket, id)) {
		start(f, s, bucket, id, 1);
		return 1;
	}
	if (!s->paused_wanted)
		return 0;
	s->paused_wanted = 0;
	f->paused = opendir("queue/paused");
	if (!f->paused)
		pass_over(f, s, "queue/paused", errno);
	return f->paused != NULL;
}

int
queue_source_paused(struct queue_feed *f, struct queue_scheduler *s)
{
	struct dirent *entry;

	if (!queue_feed_takes_due(s))
		return 0;
	if (!f->paused)
		return begin_paused(f, s);
	entry = next_name(f, s, f->paused, "queue/paused");
	if (!entry) {
		closedir(f->paused);
		f->paused = NULL;
	} else if (queueid_is(entry->d_name))
		start(f, s, QUEUE_PAUSED, entry->d_name, 1);
	else
		queue_foreign_condemn_name(
		    &s->buckets.foreign, entry->d_name, QUEUE_PAUSED);
	return 1;
}
