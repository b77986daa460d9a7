#include <errno.h>

#include <errmsg.h>

#include "lib/log.h"
#include "lib/text.h"
#include "schedule/later.h"
#include "schedule/sender.h"
#include "turns/backoff.h"

#define WAIT_OURS 15        /* seconds after trouble of our own, doubled each time */
#define WAIT_UNREPORTED 300 /* at least, before a failed bounce is tried again */
#define WAIT_UNREPORTED_MAX 7200
#define DOUBLINGS_MAX 16
#define BUCKETS_TRIED 10
#define BUCKET_SECONDS 64 /* the largest */

/* Half as long again as the sender has been without it. */
static int64_t
wait_unreported(const struct scheduler *s, const struct message *m)
{
	int64_t wait = sender_seconds_untold(s, m) / 2;

	if (wait < WAIT_UNREPORTED)
		return WAIT_UNREPORTED;
	return wait < WAIT_UNREPORTED_MAX ? wait : WAIT_UNREPORTED_MAX;
}

int64_t
later_wait(const struct scheduler *s, const struct message *m)
{
	unsigned failures = m->file.tries > 0 ? m->file.tries - 1 : 0;
	int64_t wait, ours, down = (m->not_before - s->now_ms + 999) / 1000;
	int64_t warning = sender_until_warning(s, m);

	if (message_count(m, "Z") == 0)
		return wait_unreported(s, m);
	wait = settings_interval(&s->settings, m->file.tries);
	ours = backoff_wait(WAIT_OURS, failures, DOUBLINGS_MAX);
	if (!m->put_off && ours < wait)
		wait = ours;
	if (down > wait)
		wait = down;
	return warning > 0 && warning < wait ? warning : wait;
}

/* Returns the time of the bucket, or -1 after a warning. */
static int64_t
move(struct scheduler *s, struct message *m, int64_t wait)
{
	for (int i = 0; i < BUCKETS_TRIED; ++i, wait += BUCKET_SECONDS) {
		int64_t time = buckets_make(&s->buckets, s->now, wait);

		if (time == -1) {
			carpsys("unable to make a folder in queue/later");
			return -1;
		}
		/* tried before its time, it may be due at the same time again */
		if (time == m->bucket || message_move(m, time) == 0)
			return time;
		if (errno != EEXIST)
			break;
	}
	carpsys("unable to move message ", m->id, " to queue/later");
	return -1;
}

/* What is forgotten goes when it is due by its time. */
static void
remember(struct scheduler *s, const struct message *m, int64_t bucket)
{
	if (s->passed.count == RECALL_MAX)
		recall_drop(&s->passed);
	recall_put(&s->passed, bucket, m->id, INT64_MAX);
	/* resumed after it was passed over */
	if (m->resumes != s->resumes)
		recall_hurry(&s->passed);
}

int
later_put(struct scheduler *s, struct message *m)
{
	char tries[DECIMAL_MAX], next[DECIMAL_MAX];
	int64_t time = move(s, m, later_wait(s, m));

	if (time == -1)
		return -1;
	log_event(m->id, "deferred", "next", text_decimal(next, time), "tries",
	    text_decimal(tries, m->file.tries), (char *)NULL);
	if (m->paused > 0)
		remember(s, m, time);
	return 0;
}
