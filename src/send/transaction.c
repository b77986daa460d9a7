#include <errno.h>
#include <string.h>

#include "lib/text.h"
#include "send/transaction.h"
#include "send/transaction_data.h"

static void
say_mail(struct transaction *t)
{
	struct remote_session *s = t->session;
	const struct mail *mail = t->mail;
	const struct mail_source *source = &mail->source;
	char n[DECIMAL_MAX];

	remote_session_say(s, "MAIL FROM:<", mail->sender, ">",
	    s->has_size ? " SIZE=" : "",
	    s->has_size ? text_decimal(n, source->octets) : "",
	    s->has_8bitmime && (mail->is_8bitmime || source->has_eight_bit)
		? " BODY=8BITMIME"
		: "",
	    s->has_smtputf8 && mail->is_smtputf8 ? " SMTPUTF8" : "", (char *)NULL);
}

/*
 * RFC 5321, 4.5.3.1.10: 452, or 552 of older servers, means that there are too many
 * recipients; but both mean a full mailbox, too.  An enhanced status code tells which;
 * without one it is a guess, and only right when others were taken.
 */
static int
is_too_many(const struct transaction *t)
{
	const struct remote_reply *reply = &t->reply;

	if (reply->code != 452 && reply->code != 552)
		return 0;
	if (reply->status[0] == '\0')
		return t->taken > 0;
	return strcmp(reply->status + 1, ".5.3") == 0;
}

/* Who is too many for this transaction stays open for the next one. */
static void
judge_recipient(struct transaction *t, struct recipient *r)
{
	if (t->reply.code / 100 == 2) {
		r->taken = 1;
		t->taken++;
		return;
	}
	if (is_too_many(t) && t->taken > 0)
		return;
	remote_session_judge(t->session, &t->reply, &r->outcome);
	if (is_too_many(t)) {
		r->outcome.letter = 'Z';
		r->outcome.status[0] = '4';
	}
}

/*
 * The mail command has been answered: 1 accepted; 0 refused for good, and all recipients
 * know; -1 not now: another server may take it.
 */
static int
judge_mail(struct transaction *t)
{
	if (t->reply.code / 100 == 2)
		return 1;
	remote_session_judge(t->session, &t->reply, t->fault);
	if (t->fault->letter != 'D')
		return -1;
	transaction_settle(t, 0, t->fault);
	return 0;
}

/*
 * Both ways to come to the data return 1 when the server waits for it, 0 when there is
 * nothing more to do, -1 when the session is over or the server does not want the mail
 * now.
 */
static int
open_step_by_step(struct transaction *t)
{
	size_t i;
	int r;

	say_mail(t);
	if (transaction_hear(t, "MAIL", COMMAND_SECONDS) == -1)
		return -1;
	t->session->needs_reset = 1;
	r = judge_mail(t);
	for (i = 0; i < t->n && r == 1; i++) {
		remote_session_say(t->session, "RCPT TO:<", t->recipients[i]->address,
		    ">", (char *)NULL);
		if (transaction_hear(t, "RCPT", COMMAND_SECONDS) == -1)
			return -1;
		judge_recipient(t, t->recipients[i]);
	}
	if (r != 1 || t->taken == 0)
		return r == 1 ? 0 : r;
	remote_session_say(t->session, "DATA", (char *)NULL);
	if (transaction_hear(t, "DATA", DATA_SECONDS) == -1)
		return -1;
	return 1;
}

static int
open_at_once(struct transaction *t)
{
	size_t i;
	int r;

	say_mail(t);
	for (i = 0; i < t->n; i++)
		remote_session_say(t->session, "RCPT TO:<", t->recipients[i]->address,
		    ">", (char *)NULL);
	remote_session_say(t->session, "DATA", (char *)NULL);
	if (transaction_hear(t, "MAIL", COMMAND_SECONDS) == -1)
		return -1;
	t->session->needs_reset = 1;
	r = judge_mail(t);
	for (i = 0; i < t->n; i++) {
		if (transaction_hear(t, "RCPT", COMMAND_SECONDS) == -1)
			return -1;
		if (r == 1)
			judge_recipient(t, t->recipients[i]);
	}
	if (transaction_hear(t, "DATA", DATA_SECONDS) == -1)
		return -1;
	if (r == 1 && t->taken > 0)
		return 1;
	if (t->reply.code / 100 == 3) { /* RFC 2920, 3.1: nothing but the dot */
		remote_session_say(t->session, ".", (char *)NULL);
		if (transaction_hear(t, "the lone dot", FINAL_SECONDS) == -1)
			return -1;
	}
	return r == 1 ? 0 : r;
}

/* Gather the next open recipients; false when there is none. */
static int
gather(struct transaction *t, struct recipient **recipients)
{
	size_t max = TRANSACTION_RECIPIENTS, i;

	if (t->session->recipients_max > 0 && t->session->recipients_max < max)
		max = t->session->recipients_max;
	t->recipients = recipients;
	t->n = t->taken = 0;
	for (i = 0; i < t->mail->count && t->n < max; i++)
		if (!t->mail->recipients[i].outcome.letter) {
			t->mail->recipients[i].taken = 0;
			recipients[t->n++] = &t->mail->recipients[i];
		}
	return t->n > 0;
}

static int
reset(struct transaction *t)
{
	if (!t->session->needs_reset)
		return 0;
	remote_session_say(t->session, "RSET", (char *)NULL);
	if (transaction_hear(t, "RSET", COMMAND_SECONDS) == -1)
		return -1;
	t->session->needs_reset = 0;
	return 0;
}

/* What can be said without asking the server: 0, or -1 when all have got their outcome.
 */
static int
look_before(struct remote_session *s, struct mail *mail)
{
	char has[DECIMAL_MAX], takes[DECIMAL_MAX];
	struct outcome o = {0};
	size_t i;

	if (!s->has_size && !s->has_8bitmime)
		return 0;
	if (mail_source_measure(&mail->source) == -1)
		outcome_set(&o, 'Z', "4.3.0",
		    "unable to read the message: ", strerror(errno), (char *)NULL);
	else if (s->size_max > 0 && mail->source.octets > s->size_max)
		outcome_set(&o, 'D', "5.3.4", "the message has ",
		    text_decimal(has, mail->source.octets), " bytes, ", s->peer,
		    " takes no more than ", text_decimal(takes, s->size_max),
		    (char *)NULL);
	else
		return 0;
	for (i = 0; i < mail->count; i++)
		if (!mail->recipients[i].outcome.letter)
			outcome_copy(&mail->recipients[i].outcome, &o);
	stralloc_free(&o.text);
	return -1;
}

int
transaction_run(struct remote_session *s, struct mail *mail, struct outcome *fault)
{
	struct recipient *recipients[TRANSACTION_RECIPIENTS];
	struct transaction t = {.session = s, .mail = mail, .fault = fault};
	int r;

	if (look_before(s, mail) == -1)
		return 0;
	while (gather(&t, recipients)) {
		if (s->transport.fd == -1 || reset(&t) == -1)
			return -1;
		r = s->has_pipelining ? open_at_once(&t) : open_step_by_step(&t);
		if (r == 1)
			r = transaction_hand_over(&t);
		if (r == -1)
			return -1;
	}
	return 0;
}
