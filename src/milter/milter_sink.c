#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <errmsg.h>

#include "lib/envelope.h"
#include "lib/filter.h"
#include "lib/log.h"
#include "lib/queueid.h"
#include "lib/sink.h"
#include "lib/spool.h"
#include "lib/text.h"
#include "lib/verdict.h"
#include "milter/milter_edit.h"
#include "milter/milter_packet.h"
#include "milter/milter_share.h"
#include "milter/milter_sink.h"

#define HEADER_MAX 4194304 /* bytes; what is beyond is the body's, to us */
#define SINK_SECONDS 300
#define PIECE 32768 /* of LF text; with CRLF it is at most twice as much */

/* The message at work. */
struct work {
	struct milter_talk *t;
	char id[QUEUEID_LEN + 1];
	int report_fd;
	struct spool message;
	stralloc header; /* its first bytes, up to the empty line */
	off_t body;      /* where what is behind that begins */
	int has_field;
	int has_empty_line;
	stralloc envelope; /* as it came */
	stralloc parsed;   /* a copy that is taken apart */
	struct envelope parts;
	struct milter_edit edit;
	int borrowed; /* milter_share_borrow */
};

static int
fail(struct work *w, int code, const char *what)
{
	carpsys(what);
	filter_report(w->report_fd, DEFER, "451 4.3.0 unable to filter the message");
	return code;
}

/* Returns 0, or an exit code. */
static int
read_all(struct work *w)
{
	char block[PIECE];
	ssize_t r;

	if (spool_begin(&w->message) == -1)
		return fail(w, FILTER_PUT_OFF, "unable to keep the message");
	while ((r = filter_read(0, block, sizeof block)) > 0)
		spool_put(&w->message, block, (size_t)r);
	if (r == -1)
		return fail(w, FILTER_READ_FAILED, "unable to read the message");
	if (spool_end(&w->message) == -1)
		return fail(w, FILTER_PUT_OFF, "unable to keep the message");
	if (filter_envelope(&w->envelope) == -1)
		return fail(w, FILTER_READ_FAILED, "unable to read the envelope");
	text_setb(&w->parsed, w->envelope.s, w->envelope.len);
	errno = EPROTO;
	if (envelope_parse(&w->parts, w->parsed.s, w->parsed.len) != ENVELOPE_OK)
		return fail(w, FILTER_READ_FAILED, "the envelope is malformed");
	return 0;
}

/* The length of the field that s[0..len) begins with, or 0 when none does. */
static size_t
field_length(const char *s, size_t len)
{
	const char *colon = memchr(s, ':', len), *newline;
	size_t at = 0, i;

	if (colon == NULL || colon == s)
		return 0;
	for (i = 0; s + i < colon; i++)
		if (s[i] < ' ' || (s[i] == ' ' && i == 0))
			return 0;
	do {
		newline = memchr(s + at, '\n', len - at);
		at = newline != NULL ? (size_t)(newline - s) + 1 : len;
	} while (at < len && (s[at] == ' ' || s[at] == '\t'));
	return at;
}

/* Is it the field that smtp-recv has just put above the message? */
static int
is_ours(const struct work *w, const char *s, size_t len)
{
	return len > 9 && strncasecmp(s, "Received:", 9) == 0 &&
	       memmem(s, len, w->id, strlen(w->id)) != NULL;
}

/* Take the header apart.  Returns 0, or an exit code. */
static int
take_header(struct work *w)
{
	size_t len = (size_t)w->message.length, at = 0, n;
	int is_hidden = 0, hidden = 0;
	ssize_t r;

	if (len > HEADER_MAX)
		len = HEADER_MAX;
	text_room(&w->header, len + 1);
	while (w->header.len < len) {
		r = spool_read(&w->message, w->header.s + w->header.len,
		    len - w->header.len, (off_t)w->header.len);
		if (r <= 0)
			return fail(w, FILTER_PUT_OFF, "unable to read what was kept");
		w->header.len += (size_t)r;
	}
	while (at < len && w->header.s[at] != '\n' &&
	       (n = field_length(w->header.s + at, len - at)) > 0) {
		w->has_field = 1;
		if (at + n == len && (off_t)len < w->message.length)
			break; /* there is more of it */
		is_hidden = !hidden && is_ours(w, w->header.s + at, n);
		hidden |= is_hidden;
		milter_edit_field(&w->edit, w->header.s + at, n, is_hidden);
		at += n;
	}
	w->has_empty_line = at < len && w->header.s[at] == '\n';
	w->header.len = at;
	w->body = (off_t)(at + (w->has_empty_line ? 1 : 0));
	return 0;
}

static int
is_over(int verdict)
{
	return verdict == -1 || verdict == MILTER_VERDICT_REFUSED;
}

/* Tell what the session knows, unless the policy has.  Returns a verdict, or -1. */
static int
begin(struct work *w, const char *address)
{
	char variable[MILTER_SHARE_NAME_MAX];
	const char *shared = getenv(milter_share_variable(variable, address));
	const char *helo = getenv("SMTPHELO");
	int verdict;
	size_t i;

	if (shared != NULL)
		w->borrowed = milter_share_borrow(shared, w->t);
	if (w->borrowed != -1 &&
	    (w->t->state.stage >= MILTER_STAGE_RCPT || w->t->state.is_done_with_message))
		return MILTER_VERDICT_NONE;
	if (w->t->fd == -1 && milter_talk_open(w->t, address) == -1)
		return -1;
	verdict = milter_talk_connect(w->t);
	if (!is_over(verdict))
		verdict = milter_talk_helo(w->t, helo != NULL ? helo : "localhost");
	if (!is_over(verdict))
		verdict = milter_talk_mail(w->t, w->id, w->parts.sender, "");
	for (i = 0; i < w->parts.count && !is_over(verdict); i++)
		verdict = milter_talk_rcpt(w->t, w->parts.recipients[i].address, "");
	return verdict;
}

static int
tell_header(struct work *w)
{
	int verdict = MILTER_VERDICT_NONE;
	size_t i;

	for (i = 0; i < w->edit.count && !is_over(verdict); i++) {
		const struct milter_field *f = &w->edit.fields[i];
		const char *colon = memchr(f->s, ':', f->len);
		stralloc name = {0}, value = {0};

		if (f->is_hidden)
			continue;
		text_setb(&name, f->s, f->name_len);
		text_setb(&value, colon + 1, f->len - (size_t)(colon + 1 - f->s));
		if (value.len > 0 && value.s[value.len - 1] == '\n')
			value.s[--value.len] = '\0';
		verdict = milter_talk_header(w->t, name.s, value.s);
		stralloc_free(&name);
		stralloc_free(&value);
	}
	return is_over(verdict) ? verdict : milter_talk_header_end(w->t);
}

static int
tell_body(struct work *w)
{
	static char block[PIECE], crlf[2 * PIECE];
	int verdict = MILTER_VERDICT_NONE;
	off_t at = w->body;
	ssize_t r, i;
	size_t n;

	while (!is_over(verdict) && at < w->message.length) {
		r = spool_read(&w->message, block, sizeof block - 1, at);
		if (r <= 0) {
			w->t->why = "unable to read what was kept";
			return -1;
		}
		for (i = n = 0; i < r; i++) {
			if (block[i] == '\n')
				crlf[n++] = '\r';
			crlf[n++] = block[i];
		}
		verdict = milter_talk_body(w->t, crlf, n);
		at += r;
	}
	return verdict;
}

static int
note_change(void *whose, char command, const char *s, size_t len)
{
	struct work *w = whose;

	return milter_edit_note(&w->edit, command, s, len);
}

/* All of the talk.  Returns a verdict, or -1. */
static int
ask(struct work *w, const char *address)
{
	int verdict = begin(w, address);

	if (!is_over(verdict) && w->t->state.stage < MILTER_STAGE_DATA)
		verdict = milter_talk_data(w->t);
	if (!is_over(verdict))
		verdict = tell_header(w);
	if (!is_over(verdict))
		verdict = tell_body(w);
	if (!is_over(verdict))
		verdict = milter_talk_end(w->t, w->id, note_change, w);
	if (verdict != -1 && w->edit.is_replaced && w->edit.error == 0 &&
	    spool_end(&w->edit.body) == -1)
		w->edit.error = errno;
	if (verdict != -1 && w->edit.error != 0) {
		errno = w->edit.error;
		w->t->why = "unable to keep the new body";
		return -1;
	}
	return verdict;
}

/* Give the session back, or end it. */
static void
leave(struct work *w)
{
	if (w->borrowed != -1)
		milter_share_return(w->borrowed, w->t);
	else
		milter_talk_close(w->t);
}

/* Write the spool from at on to the sink.  Returns 0, or -1 with errno. */
static int
pass_spool(struct sink *sink, const struct spool *spool, off_t at)
{
	static char block[PIECE];
	ssize_t r;

	while ((r = spool_read(spool, block, sizeof block, at)) > 0) {
		if (sink_write(sink, block, (size_t)r, SINK_SECONDS) == -1)
			return errno == EPIPE ? 0 : -1;
		at += r;
	}
	return (int)r;
}

static int
pass_on(struct work *w, const char *const *next, const stralloc *header,
    const struct spool *body, off_t at, const stralloc *envelope)
{
	static stralloc report;
	struct sink sink = {0};
	int verdict;

	if (sink_start(&sink, next) == -1)
		return fail(w, FILTER_PUT_OFF, "unable to start the next sink");
	if ((header->len > 0 &&
		sink_write(&sink, header->s, header->len, SINK_SECONDS) == -1 &&
		errno != EPIPE) ||
	    pass_spool(&sink, body, at) == -1) {
		sink_abort(&sink);
		return fail(w, FILTER_PUT_OFF, "unable to write to the next sink");
	}
	verdict = sink_finish(&sink, envelope->s, envelope->len, &report, SINK_SECONDS);
	text_terminate(&report);
	return filter_report(w->report_fd, verdict, report.s);
}

/* Is there an empty line between header and what is behind it?  Where there was none, as
 * behind a header that something else ends, there is none now, or fields would be lost.
 */
static int
needs_empty_line(const struct work *w, const stralloc *header)
{
	return w->has_empty_line || w->edit.is_replaced ||
	       (!w->has_field && header->len > 0 && w->body < w->message.length);
}

/* What the milter has left of the message. */
static int
pass_changed(struct work *w, const char *const *next)
{
	static stralloc header, envelope;
	int r =
	    milter_edit_put_envelope(&w->edit, &envelope, w->envelope.s, w->envelope.len);

	if (r == 0) {
		log_event(w->id, "discarded", "reason",
		    "the milter has left no recipient", (char *)NULL);
		return filter_report(w->report_fd, ACCEPT, w->id);
	}
	if (w->edit.quarantine.len > 0)
		log_event(
		    w->id, "quarantined", "reason", w->edit.quarantine.s, (char *)NULL);
	milter_edit_put_header(&w->edit, &header);
	if (needs_empty_line(w, &header))
		text_cat(&header, "\n", (char *)NULL);
	return pass_on(w, next, &header,
	    w->edit.is_replaced ? &w->edit.body : &w->message,
	    w->edit.is_replaced ? 0 : w->body, &envelope);
}

/* The milter can't be asked. */
static int
do_without(struct work *w, const char *address, int is_optional, const char *const *next)
{
	static const stralloc none;

	log_event(w->id, "unasked", "milter", address, "text", w->t->why, "reason",
	    errno != 0 ? strerror(errno) : NULL, (char *)NULL);
	if (is_optional)
		return pass_on(w, next, &none, &w->message, 0, &w->envelope);
	return filter_report(
	    w->report_fd, DEFER, "451 4.7.1 unable to ask a filter, try again later");
}

int
milter_sink_run(
    struct milter_talk *t, const char *address, int is_optional, const char *const *next)
{
	static struct work w;
	int code, verdict;

	w.t = t;
	w.borrowed = -1;
	w.report_fd = filter_report_fd();
	if (queueid_take(w.id) == -1)
		return fail(&w, FILTER_PUT_OFF, "unable to make a message ID");
	code = read_all(&w);
	if (code == 0)
		code = take_header(&w);
	if (code != 0)
		return code;
	verdict = ask(&w, address);
	if (verdict == -1) {
		code = errno;
		leave(&w);
		errno = code;
		return do_without(&w, address, is_optional, next);
	}
	leave(&w);
	if (verdict == MILTER_VERDICT_REFUSED)
		return filter_report(
		    w.report_fd, t->reply.s[0] == '5' ? REJECT : DEFER, t->reply.s);
	if (verdict == MILTER_VERDICT_DISCARDED) {
		log_event(
		    w.id, "discarded", "reason", "the milter wants so", (char *)NULL);
		return filter_report(w.report_fd, ACCEPT, w.id);
	}
	return pass_changed(&w, next);
}
