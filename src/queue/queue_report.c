#include "queue/queue_report.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <errmsg.h>

#include "lib/durable.h"
#include "lib/envelope.h"
#include "lib/log.h"
#include "lib/spawn_child.h"
#include "lib/text.h"
#include "lib/verdict.h"
#include "queue/bounce.h"
#include "queue/queue_owed.h"
#include "queue/queue_place.h"
#include "queue/queue_scheduler.h"

#define DEADLINE 300000 /* milliseconds */

/*
 * The report's ID depends on what it is about: repeated after a crash it is the same, and
 * one about others is another.  Of delays the number of those reported earlier tells
 * that, for until the repetition some recipients may have ended.
 */
static void
derive_id(struct queue_report *r)
{
	const struct queue_message *m = r->message;
	char n[DECIMAL_MAX];
	stralloc cause = {0};
	size_t warned = 0;

	text_cat(&cause, m->delays ? "delay" : "bounce", (char *)0);
	for (size_t i = 0; i < m->file.envelope.count; ++i) {
		const struct queue_recipient *rcpt = &m->file.recipients[i];

		warned += rcpt->warned;
		if (!m->delays && queue_owed(&m->file, i, 0))
			text_cat(&cause, rcpt->state == 'K' ? " +" : " ",
			    text_decimal(n, i), (char *)0);
	}
	if (m->delays)
		text_cat(&cause, " after ", text_decimal(n, warned), (char *)0);
	text_terminate(&cause);
	queueid_derive(r->id, m->id, cause.s);
	stralloc_free(&cause);
}

/* A bounce that fails goes to the postmaster, marked so that it does not fail again. */
static void
make_envelope(struct queue_scheduler *s, struct queue_report *r)
{
	const struct envelope *e = &r->message->file.envelope;
	const char *sender = e->sender;

	envelope_begin(&r->envelope, *sender ? "" : QUEUE_DOUBLE_BOUNCE);
	if (bounce_speaks_utf8(e))
		envelope_put_parameter(&r->envelope, "SMTPUTF8", "1");
	if (envelope_parameter(e, "REQUIRETLS")) /* RFC 8689, 5 */
		envelope_put_parameter(&r->envelope, "REQUIRETLS", "1");
	envelope_put_recipient(
	    &r->envelope, *sender ? sender : s->settings.double_bounce_to.s);
	envelope_end(&r->envelope);
}

static int
start_sink(struct queue_report *r)
{
	static const char *const argv[] = {"queue-inject", NULL};

	if (sink_start(&r->sink, argv) == 0)
		return 0;
	carpsys("unable to run ", argv[0]);
	return -1;
}

static int
start_maker(struct queue_report *r)
{
	char path[QUEUE_PATH_MAX];
	const char *argv[] = {
	    "queue-bounce", r->message->delays ? "-d" : "--", path, NULL};
	struct spawn_fd map = {r->sink.message, 1};

	queue_path(path, r->message->bucket, r->message->id);
	r->maker = spawn_child(argv, &map, 1);
	if (r->maker == -1) {
		carpsys("unable to run ", argv[0]);
		r->maker = 0;
		sink_abort(&r->sink);
		return -1;
	}
	close(r->sink.message);
	return 0;
}

/* Both know the ID: one for the Message-ID, the other for the name in the queue. */
static int
start_both(struct queue_report *r)
{
	int result = -1;

	if (setenv("QUEUEID", r->id, 1) == -1)
		die(DEFER, "out of memory");
	if (start_sink(r) == 0)
		result = start_maker(r);
	unsetenv("QUEUEID");
	return result;
}

static int
begin(struct queue_scheduler *s, struct queue_message *m)
{
	struct queue_report *r = s->reports.list;

	while (r->message)
		++r;
	r->message = m;
	r->until = s->now_ms + DEADLINE;
	derive_id(r);
	make_envelope(s, r);
	if (start_both(r) == -1) {
		r->message = NULL;
		return -1;
	}
	++s->reports.count;
	return 0;
}

int
queue_report_begin(struct queue_scheduler *s, struct queue_message *m)
{
	struct queue_reports *reports = &s->reports;

	if (reports->count < QUEUE_REPORTS_MAX && !s->stopping)
		return begin(s, m);
	m->next_report = NULL;
	if (reports->first)
		reports->last->next_report = m;
	else
		reports->first = m;
	reports->last = m;
	return 0;
}

static void
begin_waiting(struct queue_scheduler *s)
{
	struct queue_reports *reports = &s->reports;

	while (reports->first && reports->count < QUEUE_REPORTS_MAX && !s->stopping) {
		struct queue_message *m = reports->first;

		reports->first = m->next_report;
		if (begin(s, m) == -1)
			queue_message_reported(s, m, "", 0);
	}
}

/* Without its envelope, which a pipe holds in any case, the bounce is not committed. */
static void
end_maker(struct queue_report *r, int status)
{
	r->maker = 0;
	if (verdict_of(status) != ACCEPT)
		carp("queue-bounce failed for message ", r->message->id);
	else if (durable_write(r->sink.envelope, r->envelope.s, r->envelope.len) == -1)
		carpsys("unable to write to queue-inject");
	close(r->sink.envelope);
}

static void
end_sink(struct queue_scheduler *s, struct queue_report *r, int status)
{
	struct queue_message *m = r->message;
	int ok = r->maker == 0 && verdict_of_sink(status) == ACCEPT;

	if (r->maker) {
		/* it has nobody to write to any more */
		kill(r->maker, SIGKILL);
		spawn_wait(r->maker);
		r->maker = 0;
		close(r->sink.envelope);
	}
	close(r->sink.report);
	stralloc_free(&r->envelope);
	r->message = NULL;
	--s->reports.count;
	if (!ok)
		carp("unable to queue the report about message ", m->id);
	queue_message_reported(s, m, r->id, ok);
}

static int
has_ended(pid_t pid, int *status)
{
	pid_t r = waitpid(pid, status, WNOHANG);

	if (r == -1)
		*status = DEFER << 8; /* not our child any more: nobody knows */
	return r == pid || (r == -1 && errno == ECHILD);
}

void
queue_reports_reap(struct queue_scheduler *s)
{
	int status;

	for (struct queue_report *r = s->reports.list;
	     r < s->reports.list + QUEUE_REPORTS_MAX; ++r) {
		if (!r->message)
			continue;
		if (r->until <= s->now_ms)
			kill(r->maker ? r->maker : r->sink.pid, SIGKILL);
		if (r->maker && has_ended(r->maker, &status))
			end_maker(r, status);
		if (has_ended(r->sink.pid, &status))
			end_sink(s, r, status);
	}
	begin_waiting(s);
}
