#include <string.h>

#include "lib/idn.h"
#include "lib/text.h"
#include "send/transaction.h"
#include "send/transaction_data.h"
#include "send/transaction_fit.h"

/*
 * Add the address in brackets: as it is to a server that takes UTF-8, else with its
 * domain in ASCII, which transaction_fit has made sure of.
 */
static void
put_path(const struct transaction *t, stralloc *sa, const char *verb, const char *address)
{
	text_cat(sa, verb, "<", (char *)NULL);
	if (t->session->has_smtputf8)
		text_cat(sa, address, (char *)NULL);
	else
		idn_put_address(sa, address);
	text_cat(sa, ">", (char *)NULL);
}

/* Add KEYWORD=value, unless there is none. */
static void
put_parameter(stralloc *sa, const char *keyword, const char *value)
{
	if (value != NULL)
		text_cat(sa, " ", keyword, "=", value, (char *)NULL);
}

static void
say(const struct transaction *t, stralloc *command)
{
	text_terminate(command);
	remote_session_say(t->session, command->s, (char *)NULL);
	stralloc_free(command);
}

static void
say_mail(struct transaction *t)
{
	const struct remote_session *s = t->session;
	const struct mail *mail = t->mail;
	const struct mail_source *source = &mail->source;
	stralloc command = {0};
	char n[DECIMAL_MAX];

	put_path(t, &command, "MAIL FROM:", mail->sender);
	if (s->has_size)
		put_parameter(&command, "SIZE", text_decimal(n, source->octets));
	if (s->has_8bitmime && (mail->is_8bitmime || source->has_eight_bit))
		put_parameter(&command, "BODY", "8BITMIME");
	if (s->has_smtputf8 && mail->is_smtputf8)
		text_cat(&command, " SMTPUTF8", (char *)NULL);
	if (mail->requires_tls)
		text_cat(&command, " REQUIRETLS", (char *)NULL);
	if (s->has_dsn) {
		put_parameter(&command, "RET", mail->ret);
		put_parameter(&command, "ENVID", mail->envid);
	}
	say(t, &command);
}

static void
say_recipient(struct transaction *t, const struct recipient *r)
{
	stralloc command = {0};

	put_path(t, &command, "RCPT TO:", r->address);
	if (t->session->has_dsn) {
		put_parameter(&command, "NOTIFY", r->notify);
		put_parameter(&command, "ORCPT", r->orcpt);
	}
	say(t, &command);
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
		say_recipient(t, t->recipients[i]);
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
		say_recipient(t, t->recipients[i]);
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

int
transaction_run(struct remote_session *s, struct mail *mail, struct outcome *fault)
{
	struct recipient *recipients[TRANSACTION_RECIPIENTS];
	struct transaction t = {.session = s, .mail = mail, .fault = fault};
	int r;

	transaction_fit(s, mail);
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
