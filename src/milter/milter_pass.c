#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <errmsg.h>

#include "lib/filter.h"
#include "lib/log.h"
#include "lib/sink.h"
#include "lib/sink_environment.h"
#include "lib/sink_time.h"
#include "lib/text.h"
#include "lib/verdict.h"
#include "milter/milter_pass.h"

#define PIECE 32768

int
milter_pass_fail(int report_fd, int code, const char *what)
{
	carpsys(what);
	filter_report(report_fd, DEFER, "451 4.3.0 unable to filter the message");
	return code;
}

/* Write a piece within what is left of the time.  Returns 0; 1 when the sink does not
 * want it, and says why at the end; or -1 with errno. */
static int
pass_piece(struct sink *sink, const char *s, size_t len, int64_t until)
{
	unsigned seconds = sink_time_left(until);

	errno = ETIMEDOUT;
	if (seconds > 0 && (len == 0 || sink_write(sink, s, len, seconds) == 0))
		return 0;
	return errno == EPIPE ? 1 : -1;
}

/* Write the spool from at on to the sink.  Returns 0, or -1 with errno. */
static int
pass_spool(struct sink *sink, const struct spool *spool, off_t at, int64_t until)
{
	static char block[PIECE];
	ssize_t r;
	int code = 0;

	while (code == 0 && (r = spool_read(spool, block, sizeof block, at)) != 0) {
		code = r == -1 ? -1 : pass_piece(sink, block, (size_t)r, until);
		at += r;
	}
	return code == -1 ? -1 : 0;
}

static int
pass_on(const struct milter_message *m, int report_fd, const char *const *next,
    const stralloc *header, const struct spool *body, off_t at, const stralloc *envelope)
{
	static stralloc report;
	struct sink sink = {0};
	unsigned seconds;
	int verdict;

	if (sink_time_hand_on(m->until) == -1 || sink_start(&sink, next) == -1)
		return milter_pass_fail(
		    report_fd, FILTER_PUT_OFF, "unable to start the next sink");
	if (pass_piece(&sink, header->s, header->len, m->until) == -1 ||
	    pass_spool(&sink, body, at, m->until) == -1) {
		sink_abort(&sink);
		return milter_pass_fail(
		    report_fd, FILTER_PUT_OFF, "unable to write to the next sink");
	}
	seconds = sink_time_left(m->until);
	if (seconds == 0 || !filter_is_awaited(report_fd)) {
		sink_abort(&sink);
		return filter_report(
		    report_fd, DEFER, "451 4.3.0 looking at the message took too long");
	}
	verdict = sink_finish(&sink, envelope->s, envelope->len, &report, seconds);
	text_terminate(&report);
	return filter_report(report_fd, verdict, report.s);
}

/* Is there an empty line between header and what is behind it?  Where there was none, as
 * behind a header that something else ends, there is none now, or fields would be lost.
 */
static int
needs_empty_line(const struct milter_message *m, const struct milter_edit *edit,
    const stralloc *header)
{
	return m->has_empty_line || edit->is_replaced ||
	       (!m->has_field && header->len > 0 && m->body < m->spool.length);
}

/* The sinks that follow find the envelope in their environment as it is now. */
static int
tell_environment(const struct milter_edit *edit, const stralloc *envelope)
{
	stralloc recipients = {0};
	const char *s, *end = envelope->s + envelope->len;
	int r = 0;

	if (edit->sender != NULL)
		r = setenv("SENDER", edit->sender->s, 1);
	if (r == -1 || edit->added.len + edit->deleted.len == 0)
		return r;
	for (s = envelope->s; s < end; s += strlen(s) + 1)
		if (*s == 'T')
			text_cat(&recipients, recipients.len > 0 ? "\n" : "", s + 1,
			    (char *)NULL);
	text_terminate(&recipients);
	r = recipients.len < SINK_ENVIRONMENT_RECIPIENTS_MAX
		? setenv("RECIPIENTS", recipients.s, 1)
		: unsetenv("RECIPIENTS");
	stralloc_free(&recipients);
	return r;
}

int
milter_pass_changed(struct milter_message *m, const struct milter_edit *edit,
    int report_fd, const char *const *next)
{
	static stralloc header, envelope;
	int r = milter_edit_put_envelope(edit, &envelope, m->envelope.s, m->envelope.len);

	if (r == 0) {
		log_event(m->id, "discarded", "reason",
		    "the milter has left no recipient", (char *)NULL);
		return filter_report(report_fd, ACCEPT, m->id);
	}
	if (edit->quarantine.len > 0)
		log_event(
		    m->id, "quarantined", "reason", edit->quarantine.s, (char *)NULL);
	if (tell_environment(edit, &envelope) == -1)
		return milter_pass_fail(
		    report_fd, FILTER_PUT_OFF, "unable to tell the next sink");
	milter_fields_write(&edit->header, &header);
	if (needs_empty_line(m, edit, &header))
		text_cat(&header, "\n", (char *)NULL);
	return pass_on(m, report_fd, next, &header,
	    edit->is_replaced ? &edit->body : &m->spool, edit->is_replaced ? 0 : m->body,
	    &envelope);
}

int
milter_pass_untouched(
    const struct milter_message *m, int report_fd, const char *const *next)
{
	static const stralloc none;

	return pass_on(m, report_fd, next, &none, &m->spool, 0, &m->envelope);
}
