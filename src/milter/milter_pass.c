#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <errmsg.h>

#include "lib/filter.h"
#include "lib/log.h"
#include "lib/sink.h"
#include "lib/sink_environment.h"
#include "lib/text.h"
#include "lib/verdict.h"
#include "milter/milter_pass.h"

#define SECONDS 300
#define PIECE 32768

int
milter_pass_fail(int report_fd, int code, const char *what)
{
	carpsys(what);
	filter_report(report_fd, DEFER, "451 4.3.0 unable to filter the message");
	return code;
}

/* Write the spool from at on to the sink.  Returns 0, or -1 with errno. */
static int
pass_spool(struct sink *sink, const struct spool *spool, off_t at)
{
	static char block[PIECE];
	ssize_t r;

	while ((r = spool_read(spool, block, sizeof block, at)) > 0) {
		if (sink_write(sink, block, (size_t)r, SECONDS) == -1)
			return errno == EPIPE ? 0 : -1;
		at += r;
	}
	return (int)r;
}

static int
pass_on(int report_fd, const char *const *next, const stralloc *header,
    const struct spool *body, off_t at, const stralloc *envelope)
{
	static stralloc report;
	struct sink sink = {0};
	int verdict;

	if (sink_start(&sink, next) == -1)
		return milter_pass_fail(
		    report_fd, FILTER_PUT_OFF, "unable to start the next sink");
	if ((header->len > 0 &&
		sink_write(&sink, header->s, header->len, SECONDS) == -1 &&
		errno != EPIPE) ||
	    pass_spool(&sink, body, at) == -1) {
		sink_abort(&sink);
		return milter_pass_fail(
		    report_fd, FILTER_PUT_OFF, "unable to write to the next sink");
	}
	verdict = sink_finish(&sink, envelope->s, envelope->len, &report, SECONDS);
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
	return pass_on(report_fd, next, &header,
	    edit->is_replaced ? &edit->body : &m->spool, edit->is_replaced ? 0 : m->body,
	    &envelope);
}

int
milter_pass_untouched(
    const struct milter_message *m, int report_fd, const char *const *next)
{
	static const stralloc none;

	return pass_on(report_fd, next, &none, &m->spool, 0, &m->envelope);
}
