#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/deadline.h"
#include "lib/filter.h"
#include "lib/log.h"
#include "lib/text.h"
#include "lib/verdict.h"
#include "milter/milter_message.h"
#include "milter/milter_packet.h"
#include "milter/milter_pass.h"
#include "milter/milter_share.h"
#include "milter/milter_sink.h"

#define PIECE 65536         /* of LF text */
#define MILLISECONDS 240000 /* for all */
#define RESERVE 20000       /* for handing on, or a quarter of what there is */

/* The message at work. */
struct work {
	struct milter_session *t;
	int report_fd;
	struct milter_message message;
	struct milter_edit edit;
	int borrowed; /* milter_share_borrow */
};

static int
is_over(int verdict)
{
	return verdict == -1 || verdict == MILTER_VERDICT_REFUSED;
}

/* Sender and recipients, as far as they have not been told.  Returns a verdict, or -1. */
static int
tell_envelope(struct work *w)
{
	const struct envelope *e = &w->message.parts;
	int verdict = MILTER_VERDICT_NONE;
	stralloc words = {0};
	size_t i;

	milter_message_put_parameters(&w->message, &words);
	text_terminate(&words);
	if (w->t->state.stage < MILTER_SESSION_MAIL)
		verdict = milter_talk_mail(w->t, w->message.id, e->sender, words.s);
	for (i = 0; i < e->count && !is_over(verdict); i++) {
		words.len = 0;
		milter_message_put_notices(&w->message, i, &words);
		text_terminate(&words);
		verdict = milter_talk_rcpt(w->t, e->recipients[i].address, words.s);
	}
	stralloc_free(&words);
	return verdict;
}

/* Tell what the session knows, unless the policy has.  Returns a verdict, or -1. */
static int
begin(struct work *w, const char *address)
{
	char variable[MILTER_SHARE_NAME_MAX];
	const char *shared = getenv(milter_share_variable(variable, address));
	const char *helo = getenv("SMTPHELO");
	int verdict = MILTER_VERDICT_NONE;

	if (shared != NULL)
		w->borrowed = milter_share_borrow(shared, w->t);
	w->t->message = (struct milter_macros_message){
	    .id = w->message.id, .sender = w->message.parts.sender};
	if (w->borrowed != -1 && (w->t->state.stage >= MILTER_SESSION_RCPT ||
				     w->t->state.is_done_with_message))
		return MILTER_VERDICT_NONE;
	if (w->t->channel.fd == -1 && milter_session_open(w->t, address) == -1)
		return -1;
	if (w->t->state.stage < MILTER_SESSION_CONNECTED)
		verdict = milter_talk_connect(w->t);
	if (!is_over(verdict) && w->t->state.stage < MILTER_SESSION_GREETED)
		verdict = milter_talk_helo(w->t, helo != NULL ? helo : "localhost");
	return is_over(verdict) ? verdict : tell_envelope(w);
}

static int
tell_header(struct work *w)
{
	int verdict = MILTER_VERDICT_NONE;
	stralloc name = {0}, value = {0};
	size_t i;

	for (i = 0; i < w->edit.header.count && !is_over(verdict); i++) {
		const struct milter_field *f = &w->edit.header.fields[i];
		const char *colon = memchr(f->s, ':', f->len);

		if (f->is_hidden)
			continue;
		text_setb(&name, f->s, f->name_len);
		text_setb(&value, colon + 1, f->len - (size_t)(colon + 1 - f->s));
		if (value.len > 0 && value.s[value.len - 1] == '\n')
			value.s[--value.len] = '\0';
		verdict = milter_talk_header(w->t, name.s, value.s);
	}
	stralloc_free(&name);
	stralloc_free(&value);
	return is_over(verdict) ? verdict : milter_talk_header_end(w->t);
}

/* In packets as full as they may be, whatever they cut. */
static int
tell_body(struct work *w)
{
	static char block[PIECE], crlf[MILTER_PACKET_BODY];
	int verdict = MILTER_VERDICT_NONE;
	off_t at = w->message.body;
	ssize_t r, i;
	size_t n = 0;

	while (!is_over(verdict) && at < w->message.spool.length) {
		r = spool_read(&w->message.spool, block, sizeof block, at);
		if (r <= 0) {
			w->t->channel.why = "unable to read what was kept";
			return -1;
		}
		at += r;
		for (i = 0; i < r && !is_over(verdict); i++) {
			if (n >= sizeof crlf - 1) {
				verdict = milter_talk_body(w->t, crlf, n);
				n = 0;
			}
			if (block[i] == '\n')
				crlf[n++] = '\r';
			crlf[n++] = block[i];
		}
	}
	return is_over(verdict) ? verdict : milter_talk_body(w->t, crlf, n);
}

static int
note_change(void *whose, char command, const char *s, size_t len)
{
	struct work *w = whose;

	return milter_edit_note(&w->edit, command, s, len);
}

/* When the milter has to be done. */
static int64_t
last_moment(int64_t until)
{
	int64_t now = deadline_now(), left = until - now;

	left -= left / 4 < RESERVE ? left / 4 : RESERVE;
	return now + (left < MILLISECONDS ? left : MILLISECONDS);
}

/* All of the talk.  Returns a verdict, or -1. */
static int
ask(struct work *w, const char *address)
{
	int verdict = begin(w, address);

	w->edit.header.is_verbatim =
	    (w->t->state.options.steps & MILTER_LEADING_SPACE) != 0;
	if (!is_over(verdict) && w->t->state.stage < MILTER_SESSION_DATA)
		verdict = milter_talk_data(w->t);
	else if (!is_over(verdict))
		milter_talk_go_on(w->t);
	if (!is_over(verdict))
		verdict = tell_header(w);
	if (!is_over(verdict))
		verdict = tell_body(w);
	if (!is_over(verdict))
		verdict = milter_talk_end(w->t, note_change, w);
	if (verdict != -1 && milter_edit_end(&w->edit) == -1) {
		w->t->channel.why = "unable to keep the new body";
		return -1;
	}
	return verdict;
}

/* Give the session back, or end it. */
static void
leave(struct work *w)
{
	int saved = errno;

	if (w->borrowed != -1)
		milter_share_return(w->borrowed, w->t);
	else
		milter_session_close(w->t);
	errno = saved;
}

/* The milter can't be asked. */
static int
do_without(struct work *w, const char *address, int is_optional, const char *const *next)
{
	log_event(w->message.id, "unasked", "milter", address, "text", w->t->channel.why,
	    "reason", errno != 0 ? strerror(errno) : NULL, (char *)NULL);
	if (is_optional)
		return milter_pass_untouched(&w->message, w->report_fd, next);
	return filter_report(
	    w->report_fd, DEFER, "451 4.7.1 unable to ask a filter, try again later");
}

int
milter_sink_run(struct milter_session *t, const char *address, int is_optional,
    const char *const *next)
{
	static struct work w;
	const char *why, *id;
	int code, verdict;

	w.t = t;
	w.borrowed = -1;
	w.edit.domain = getenv("MILTER_ME");
	w.report_fd = filter_report_fd();
	code = milter_message_read(&w.message, &w.edit, &why);
	if (code != 0)
		return milter_pass_fail(w.report_fd, code, why);
	t->channel.last = last_moment(w.message.until);
	verdict = ask(&w, address);
	leave(&w);
	if (verdict == -1)
		return do_without(&w, address, is_optional, next);
	if (verdict == MILTER_VERDICT_REFUSED)
		return filter_report(
		    w.report_fd, t->reply.s[0] == '5' ? REJECT : DEFER, t->reply.s);
	if (verdict == MILTER_VERDICT_DISCARDED) {
		id = w.message.id;
		log_event(id, "discarded", "reason", "the milter wants so", (char *)NULL);
		return filter_report(w.report_fd, ACCEPT, id);
	}
	return milter_pass_changed(&w.message, &w.edit, w.report_fd, next);
}
