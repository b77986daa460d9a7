#include <stdlib.h>
#include <string.h>

#include "lib/heap.h"
#include "send/transaction.h"
#include "send/transaction_data.h"
#include "send/transaction_fit.h"
#include "send/transaction_gather.h"
#include "send/transaction_say.h"

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
judge_recipient(struct transaction *t, struct transaction_recipient *r)
{
	if (t->reply.code / 100 == 2) {
		r->taken = 1;
		t->taken++;
		return;
	}
	if (is_too_many(t) && t->taken > 0)
		return;
	if (transaction_data_judge(t, &r->outcome) && is_too_many(t)) {
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
	if (!transaction_data_judge(t, t->fault))
		return 0;
	if (t->fault->letter != 'D')
		return -1;
	transaction_data_settle(t, 0, t->fault);
	return 0;
}

static int
has_others(const struct transaction_mail *mail, const struct transaction_recipient *r)
{
	size_t i;

	for (i = 0; i < mail->count; i++)
		if (!mail->recipients[i].outcome.letter && &mail->recipients[i] != r)
			return 1;
	return 0;
}

/*
 * Hear what becomes of recipient i.  When the session ends instead, that is no verdict on
 * the others, who are open still; and when there are any, this one is not tried again
 * together with them.  The session may have been kept too long.
 */
static int
hear_recipient(struct transaction *t, size_t i)
{
	struct transaction_recipient *r = t->recipients[i];

	if (transaction_data_hear(t, "RCPT", REMOTE_COMMAND_SECONDS) == 0)
		return 0;
	if (t->is_fresh && has_others(t->mail, r)) {
		outcome_copy(&r->outcome, t->fault);
		outcome_lead(&r->outcome, OUTCOME_ENDED_HERE);
		outcome_lead(t->fault, OUTCOME_ENDED_ELSEWHERE);
	}
	return -1;
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

	transaction_say_mail(t);
	if (transaction_data_hear(t, "MAIL", REMOTE_COMMAND_SECONDS) == -1)
		return -1;
	t->session->needs_reset = 1;
	r = judge_mail(t);
	for (i = 0; i < t->n && r == 1; i++) {
		transaction_say_recipient(t, t->recipients[i]);
		if (hear_recipient(t, i) == -1)
			return -1;
		judge_recipient(t, t->recipients[i]);
	}
	if (r != 1 || t->taken == 0)
		return r == 1 ? 0 : r;
	if (t->is_chunked)
		return 1;
	remote_session_say(t->session, "DATA", (char *)NULL);
	if (transaction_data_hear(t, "DATA", REMOTE_DATA_SECONDS) == -1)
		return -1;
	return 1;
}

/* DATA has been said, but there is nobody to whom it could go: 0, or -1. */
static int
hear_data_in_vain(struct transaction *t, struct outcome *fault)
{
	struct remote_session *s = t->session;

	if (remote_session_hear(s, "DATA", REMOTE_DATA_SECONDS, &t->reply, fault) == -1)
		return -1;
	if (t->reply.code / 100 != 3)
		return 0;
	if (s->is_lmtp) {
		/* RFC 2033, 4.2 wants 503: who says 354 has no reply to the dot */
		remote_session_close(s);
		return 0;
	}
	/* RFC 2920, 3.1: nothing but the dot */
	remote_session_say(s, ".", (char *)NULL);
	return remote_session_hear(
	    s, "the lone dot", REMOTE_FINAL_SECONDS, &t->reply, fault);
}

/* MAIL was refused: what is said to all that went with it is not the reason. */
static void
pass_over(struct transaction *t)
{
	struct outcome ignored = {0};
	size_t i;

	for (i = 0; i < t->n; i++)
		if (remote_session_hear(t->session, "RCPT", REMOTE_COMMAND_SECONDS,
			&t->reply, &ignored) == -1)
			break;
	if (i == t->n && !t->is_chunked)
		hear_data_in_vain(t, &ignored);
	outcome_free(&ignored);
}

static int
open_at_once(struct transaction *t)
{
	size_t i;
	int r;

	transaction_say_mail(t);
	for (i = 0; i < t->n; i++)
		transaction_say_recipient(t, t->recipients[i]);
	if (!t->is_chunked)
		remote_session_say(t->session, "DATA", (char *)NULL);
	if (transaction_data_hear(t, "MAIL", REMOTE_COMMAND_SECONDS) == -1)
		return -1;
	t->session->needs_reset = 1;
	r = judge_mail(t);
	if (r != 1) {
		pass_over(t);
		return r;
	}
	for (i = 0; i < t->n; i++) {
		if (hear_recipient(t, i) == -1)
			return -1;
		judge_recipient(t, t->recipients[i]);
	}
	if (t->is_chunked)
		return t->taken > 0;
	if (t->taken == 0)
		return hear_data_in_vain(t, t->fault);
	return transaction_data_hear(t, "DATA", REMOTE_DATA_SECONDS) == -1 ? -1 : 1;
}

static int
reset(struct transaction *t)
{
	if (!t->session->needs_reset)
		return 0;
	remote_session_say(t->session, "RSET", (char *)NULL);
	if (transaction_data_hear(t, "RSET", REMOTE_COMMAND_SECONDS) == -1)
		return -1;
	t->session->needs_reset = 0;
	return 0;
}

/* One transaction, to those that were gathered: as transaction_run. */
static int
run(struct transaction *t)
{
	struct remote_session *s = t->session;
	int r;

	if (s->transport.fd == -1 || reset(t) == -1)
		return -1;
	t->is_fresh = s->mails == 0;
	t->is_chunked = s->has_chunking && !s->shuns_chunking;
	s->mails++;
	r = s->has_pipelining ? open_at_once(t) : open_step_by_step(t);
	if (r == 1)
		r = transaction_data_hand_over(t);
	if (r == -1)
		return -1;
	return t->is_stale ? TRANSACTION_STALE : 0;
}

int
transaction_run(
    struct remote_session *s, struct transaction_mail *mail, struct outcome *fault)
{
	struct transaction t = {.session = s, .mail = mail, .fault = fault};
	int r;

	transaction_fit(s, mail);
	t.recipients = calloc(mail->count, sizeof(*t.recipients));
	if (t.recipients == NULL)
		heap_lacks();
	while ((r = transaction_gather(&t)) == 1) {
		/* RFC 9422, 4.1 */
		if (s->mails_max > 0 && s->mails >= s->mails_max)
			break;
		r = run(&t);
		if (r != 0) {
			free(t.recipients);
			return r;
		}
	}
	free(t.recipients);
	return r == 0 ? 0 : TRANSACTION_STALE;
}
