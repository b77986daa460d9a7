#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include <errmsg.h>

#include "lib/log.h"
#include "lib/text.h"
#include "queue/queue_journal.h"
#include "queue/queue_place.h"
#include "queue/queue_scheduler.h"

#define PAUSE_FAILED 10000  /* milliseconds before a failed step is tried again */
#define WAIT_OURS 15        /* seconds after trouble of our own, doubled each time */
#define WAIT_UNREPORTED 300 /* seconds before a failed bounce is tried again */
#define DOUBLINGS_MAX 16
#define BUCKETS_TRIED 10
#define BUCKET_SECONDS 64 /* the largest */

/* The sender of what must not bounce again: qmail-send(8). */
#define DOUBLE_BOUNCE "#@[]"

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
static int
write_journal(struct queue_message *m)
{
	char path[QUEUE_PATH_MAX];

	if (m->lines.len == 0 && !m->unsynced)
		return 0;
	queue_path(path, m->bucket, m->id);
	if (queue_journal_append(
		path, m->file.torn, m->lines.s, m->lines.len, m->unsynced) == -1) {
		carpsys("unable to write to the journal of ", path);
		return -1;
	}
	m->file.torn = m->unsynced = 0;
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
		return -1;
	}
	log_event(m->id, "done", (char *)0);
	queue_active_remove(&s->active, m);
	return 0;
}

static int
condemn(struct queue_scheduler *s, struct queue_message *m)
{
	if (queue_condemn(m->id, m->bucket, "a bounce of a bounce failed") == -1)
		return -1;
	queue_active_remove(&s->active, m);
	return 0;
}

static int64_t
waiting_time(const struct queue_scheduler *s, const struct queue_message *m)
{
	unsigned doublings = m->file.tries > 0 ? m->file.tries - 1 : 0;
	int64_t wait, ours, down = (m->not_before - s->now_ms + 999) / 1000;

	if (count_state(m, "Z") == 0)
		return WAIT_UNREPORTED;
	wait = queue_settings_interval(&s->settings, m->file.tries);
	ours = (int64_t)WAIT_OURS
	       << (doublings < DOUBLINGS_MAX ? doublings : DOUBLINGS_MAX);
	if (!m->put_off && ours < wait)
		wait = ours;
	if (down > wait)
		wait = down;
	return wait;
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
	queue_active_remove(&s->active, m);
	return 0;
}

/* Returns 1 when the bounce is under way, 0 when there is nothing to report now. */
static int
report(struct queue_scheduler *s, struct queue_message *m)
{
	if (m->unreported || count_state(m, "D") == 0 ||
	    strcmp(m->file.envelope.sender, DOUBLE_BOUNCE) == 0)
		return 0;
	m->unreported = queue_report_begin(s, m) == -1;
	return !m->unreported;
}

static void
put_reported(
    struct queue_scheduler *s, struct queue_message *m, size_t i, const char *how)
{
	m->file.recipients[i].state = 'B';
	queue_entry_put(&m->lines, s->now, 'B', i, "-", how);
}

/* RFC 3461, 4.1: a sender may ask for no report of a failure. */
static void
pass_over_unwanted(struct queue_scheduler *s, struct queue_message *m)
{
	const struct envelope *e = &m->file.envelope;

	for (size_t i = 0; i < e->count; ++i) {
		const char *notify = envelope_recipient_parameter(e, i, "NOTIFY");

		if (m->file.recipients[i].state != 'D' || !notify ||
		    strcasestr(notify, "FAILURE"))
			continue;
		put_reported(s, m, i, "no report was wanted");
		log_event(m->id, "unreported", "rcpt", e->recipients[i].address, "notify",
		    notify, (char *)0);
	}
}

static int
settle(struct queue_scheduler *s, struct queue_message *m)
{
	pass_over_unwanted(s, m);
	if (count_state(m, "ZD") == 0)
		return finish(s, m);
	if (write_journal(m) == -1)
		return -1;
	if (report(s, m))
		return 0;
	if (count_state(m, "Z") == 0 && !m->unreported)
		return condemn(s, m);
	return defer(s, m);
}

void
queue_message_settle(struct queue_scheduler *s, struct queue_message *m)
{
	m->wake = 0;
	if (settle(s, m) == -1)
		wake_later(s, m, PAUSE_FAILED);
}

/* B needs a sync only while other recipients keep the file alive. */
void
queue_message_reported(
    struct queue_scheduler *s, struct queue_message *m, const char *bounce_id, int ok)
{
	char rcpts[DECIMAL_MAX];

	m->unreported = !ok;
	if (ok) {
		log_event(m->id, "bounced", "bounce", bounce_id, "rcpts",
		    text_decimal(rcpts, count_state(m, "D")), (char *)0);
		for (size_t i = 0; i < m->file.envelope.count; ++i)
			if (m->file.recipients[i].state == 'D')
				put_reported(s, m, i, bounce_id);
		m->unsynced = 1;
	}
	queue_message_settle(s, m);
}

int
queue_message_park(struct queue_scheduler *s, struct queue_message *m)
{
	int64_t age = s->now - queueid_time(m->id) / 1000000, wait = age / 2;

	if (wait < 30)
		wait = 30;
	if (wait > 900)
		wait = 900;
	if (move_later(s, m, wait) == -1)
		return -1;
	queue_active_remove(&s->active, m);
	return 0;
}
