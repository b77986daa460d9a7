#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include <errmsg.h>

#include "lib/log.h"
#include "lib/text.h"
#include "queue/queue_journal.h"
#include "queue/queue_keep.h"
#include "queue/queue_owed.h"
#include "queue/queue_place.h"
#include "queue/queue_scheduler.h"
#include "queue/queue_sender.h"

#define PAUSE_FAILED 10000  /* milliseconds before a failed step is tried again */
#define WAIT_OURS 15        /* seconds after trouble of our own, doubled each time */
#define WAIT_UNREPORTED 300 /* seconds before a failed bounce is tried again */
#define DOUBLINGS_MAX 16
#define BUCKETS_TRIED 10
#define BUCKET_SECONDS 64 /* the largest */

static size_t
count_state(const struct queue_message *m, const char *states)
{
	size_t n = 0;

	for (size_t i = 0; i < m->file.envelope.count; ++i) {
		char state = m->file.recipients[i].state;

		if (strchr(states, state ? state : 'Z'))
			++n;
	}
	return n;
}

static void
wake_later(struct queue_scheduler *s, struct queue_message *m, int64_t pause)
{
	m->wake = s->now_ms + pause;
	if (s->wake == 0 || m->wake < s->wake)
		s->wake = m->wake;
}

/*
 * Lines of Z and D alone need no sync: what they cost when lost is an attempt, and a
 * bounce repeated under the same ID.
 */
int
queue_message_write(struct queue_message *m)
{
	char path[QUEUE_PATH_MAX];

	if (m->lines.len == 0 && !m->unsynced)
		return 0;
	queue_path(path, m->bucket, m->id);
	if (queue_journal_append(
		path, &m->file.torn, m->lines.s, m->lines.len, m->unsynced) == -1) {
		carpsys("unable to write to the journal of ", path);
		return -1;
	}
	m->unsynced = 0;
	m->lines.len = 0;
	return 0;
}

static int
finish(struct queue_scheduler *s, struct queue_message *m)
{
	char path[QUEUE_PATH_MAX];

	if (queue_remove(m->id, m->bucket) == -1) {
		queue_path(path, m->bucket, m->id);
		carpsys("unable to remove ", path);
		/* should we end before it can be, the next one must know */
		queue_message_write(m);
		return -1;
	}
	log_event(m->id, "done", (char *)0);
	queue_active_remove(&s->active, m);
	return 0;
}

static int
condemn(struct queue_scheduler *s, struct queue_message *m)
{
	if (queue_foreign_condemn(&s->buckets.foreign, m->id, m->bucket,
		"a bounce of a bounce failed") == -1)
		return -1;
	queue_active_remove(&s->active, m);
	return 0;
}

static int64_t
waiting_time(const struct queue_scheduler *s, const struct queue_message *m)
{
	unsigned doublings = m->file.tries > 0 ? m->file.tries - 1 : 0;
	int64_t wait, ours, down = (m->not_before - s->now_ms + 999) / 1000;
	int64_t warning = queue_sender_until_warning(s, m);

	if (count_state(m, "Z") == 0)
		return WAIT_UNREPORTED;
	wait = queue_settings_interval(&s->settings, m->file.tries);
	ours = (int64_t)WAIT_OURS
	       << (doublings < DOUBLINGS_MAX ? doublings : DOUBLINGS_MAX);
	if (!m->put_off && ours < wait)
		wait = ours;
	if (down > wait)
		wait = down;
	return warning > 0 && warning < wait ? warning : wait;
}

/* Returns the time of the bucket, or -1 after a warning. */
static int64_t
move_later(struct queue_scheduler *s, struct queue_message *m, int64_t wait)
{
	for (int i = 0; i < BUCKETS_TRIED; ++i, wait += BUCKET_SECONDS) {
		int64_t time = queue_buckets_make(&s->buckets, s->now, wait);

		if (time == -1) {
			carpsys("unable to make a folder in queue/later");
			return -1;
		}
		/* tried before its time, it may be due at the same time again */
		if (time == m->bucket || queue_move(m->id, m->bucket, time) == 0)
			return time;
		if (errno != EEXIST)
			break;
	}
	carpsys("unable to move message ", m->id, " to queue/later");
	return -1;
}

static int
defer(struct queue_scheduler *s, struct queue_message *m)
{
	char tries[DECIMAL_MAX], next[DECIMAL_MAX];
	int64_t time = move_later(s, m, waiting_time(s, m));

	if (time == -1)
		return -1;
	log_event(m->id, "deferred", "next", text_decimal(next, time), "tries",
	    text_decimal(tries, m->file.tries), (char *)0);
	if (m->paused > 0) {
		queue_passed_put(&s->passed, time, m->id);
		/* resumed after it was passed over */
		if (m->resumes != s->resumes)
			queue_passed_hurry(&s->passed);
	}
	queue_active_remove(&s->active, m);
	return 0;
}

static int
keep_paused(struct queue_scheduler *s, struct queue_message *m)
{
	if (queue_keep_paused(s, m) == -1)
		return -1;
	queue_active_remove(&s->active, m);
	return 0;
}

static int
settle(struct queue_scheduler *s, struct queue_message *m)
{
	queue_sender_spare(s, m);
	if (count_state(m, "ZD") == 0 && !queue_owed_any(&m->file, 0))
		return finish(s, m);
	if (queue_message_write(m) == -1)
		return -1;
	if (queue_sender_tell(s, m))
		return 0;
	if (count_state(m, "Z") == 0 && count_state(m, "D") > 0 && !m->unreported)
		return condemn(s, m);
	if (m->paused > 0 && m->paused == count_state(m, "Z") && !m->unreported)
		return keep_paused(s, m);
	return defer(s, m);
}

void
queue_message_settle(struct queue_scheduler *s, struct queue_message *m)
{
	m->wake = 0;
	if (settle(s, m) == -1)
		wake_later(s, m, PAUSE_FAILED);
}
