#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <errmsg.h>

#include "lib/durable.h"
#include "lib/envelope.h"
#include "lib/heap.h"
#include "lib/log.h"
#include "lib/spawn_child.h"
#include "lib/text.h"
#include "lib/verdict.h"
#include "queue/owed.h"
#include "schedule/report.h"

#define DEADLINE 300000 /* milliseconds */

/*
 * The report's ID depends on what it is about: repeated after a crash it is the same, and
 * one about others is another.  Of delays the number of those reported earlier tells
 * that, for until the repetition some recipients may have ended.
 */
static void
derive_id(struct report *r)
{
	const struct message *m = r->message;
	char n[DECIMAL_MAX];
	stralloc cause = {0};
	size_t warned = 0;

	text_cat(&cause, m->delays ? "delay" : "bounce", (char *)NULL);
	for (size_t i = 0; i < m->file.envelope.count; ++i) {
		const struct file_recipient *rcpt = &m->file.recipients[i];

		warned += rcpt->warned;
		if (!m->delays && owed(&m->file, i, 0) != NULL)
			text_cat(&cause, rcpt->state == 'K' ? " +" : " ",
			    text_decimal(n, i), (char *)NULL);
	}
	if (m->delays)
		text_cat(&cause, " after ", text_decimal(n, warned), (char *)NULL);
	text_terminate(&cause);
	queueid_derive(r->id, m->id, cause.s);
	stralloc_free(&cause);
}

/* A bounce that fails goes to the postmaster, marked so that it does not fail again. */
static void
make_envelope(struct report *r, const char *double_bounce_to)
{
	const struct envelope *e = &r->message->file.envelope;
	const char *sender = e->sender;

	envelope_begin(&r->envelope, *sender ? "" : ENVELOPE_DOUBLE_BOUNCE);
	if (owed_speaks_utf8(e))
		envelope_put_parameter(&r->envelope, "SMTPUTF8", "1");
	if (envelope_parameter(e, "REQUIRETLS") != NULL) /* RFC 8689, 5 */
		envelope_put_parameter(&r->envelope, "REQUIRETLS", "1");
	envelope_put_recipient(&r->envelope, *sender ? sender : double_bounce_to);
	envelope_end(&r->envelope);
}

static int
start_sink(struct report *r, const char *const *argv)
{
	static const char *const inject[] = {"queue-inject", NULL};

	if (argv == NULL)
		argv = inject;
	if (sink_program_start(&r->sink, argv) == 0)
		return 0;
	carpsys("unable to run ", argv[0]);
	return -1;
}

static int
start_maker(struct report *r)
{
	char path[PLACE_PATH_MAX];
	const char *argv[] = {
	    "queue-bounce", r->message->delays ? "-d" : "--", path, NULL};
	struct spawn_fd map = {r->sink.message, 1};

	/* it may wait for its reader, we don't: the pipe holds less than a long report */
	fcntl(r->sink.message, F_SETFL, O_WRONLY);
	message_path(r->message, path);
	r->maker = spawn_child(argv, &map, 1);
	if (r->maker == -1) {
		carpsys("unable to run ", argv[0]);
		r->maker = 0;
		sink_program_abort(&r->sink);
		return -1;
	}
	close(r->sink.message);
	return 0;
}

/* Both know the ID: one for the Message-ID, the other for the name in the queue. */
static int
start_both(struct report *r, const char *const *sink)
{
	int result = -1;

	if (setenv("QUEUEID", r->id, 1) == -1)
		heap_lacks();
	if (start_sink(r, sink) == 0)
		result = start_maker(r);
	unsetenv("QUEUEID");
	return result;
}

void
report_want(struct report_list *reports, struct message *m)
{
	ring_put(&reports->waiting, &m->ring);
}

static void
tell(struct event_list *events, struct message *m, const char *id, int ok)
{
	struct event event = {.kind = EVENT_REPORTED, .message = m, .ok = ok};

	memcpy(event.id, id, sizeof event.id);
	event_put(events, &event);
}

static struct report *
find_free(struct report_list *reports)
{
	struct report *r = reports->list;

	while (r->message != NULL)
		++r;
	return r;
}

void
report_begin(struct report_list *reports, struct event_list *events,
    const char *double_bounce_to, int64_t now_ms)
{
	while (reports->waiting != NULL && reports->count < REPORT_MAX) {
		struct report *r = find_free(reports);

		r->message = RING_OF(ring_shift(&reports->waiting), struct message, ring);
		r->until = now_ms + DEADLINE;
		derive_id(r);
		make_envelope(r, double_bounce_to);
		if (start_both(r, reports->sink) == 0) {
			++reports->count;
			continue;
		}
		tell(events, r->message, r->id, 0);
		r->message = NULL;
	}
}

/* Without its envelope, which a pipe holds in any case, the bounce is not committed. */
static void
end_maker(struct report *r, int status)
{
	r->maker = 0;
	if (verdict_of(status) != ACCEPT)
		carp("queue-bounce failed for message ", r->message->id);
	else if (durable_write(r->sink.envelope, r->envelope.s, r->envelope.len) == -1)
		carpsys("unable to write to the sink of reports");
	close(r->sink.envelope);
}

static void
end_sink(
    struct report_list *reports, struct event_list *events, struct report *r, int status)
{
	struct message *m = r->message;
	int ok = r->maker == 0 && verdict_of_sink(status) == ACCEPT;

	if (r->maker) {
		/* it has nobody to write to any more */
		kill(r->maker, SIGKILL);
		spawn_child_wait(r->maker);
		r->maker = 0;
		close(r->sink.envelope);
	}
	close(r->sink.report);
	stralloc_free(&r->envelope);
	r->message = NULL;
	--reports->count;
	if (!ok)
		carp("unable to queue the report about message ", m->id);
	tell(events, m, r->id, ok);
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
report_reap(struct report_list *reports, struct event_list *events, int64_t now_ms)
{
	int status;

	for (struct report *r = reports->list; r < reports->list + REPORT_MAX; ++r) {
		if (r->message == NULL)
			continue;
		if (r->until <= now_ms)
			kill(r->maker ? r->maker : r->sink.pid, SIGKILL);
		if (r->maker && has_ended(r->maker, &status))
			end_maker(r, status);
		if (has_ended(r->sink.pid, &status))
			end_sink(reports, events, r, status);
	}
}
