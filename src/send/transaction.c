#include <errno.h>
#include <string.h>

#include "lib/dotstuff.h"
#include "lib/text.h"
#include "send/transaction.h"

#define CHUNK 65536

/* One transaction: mail, to the open ones among recipients[0..n). */
struct transaction {
	struct remote_session *session;
	struct mail *mail;
	struct recipient **recipients;
	size_t n;
	size_t taken;   /* how many the server took */
	size_t delayed; /* how many are too many for this transaction */
	struct remote_reply reply;
	struct outcome *fault;
};

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

static int
hear(struct transaction *t, const char *phase, unsigned seconds)
{
	return remote_session_hear(t->session, phase, seconds, &t->reply, t->fault);
}

/* All recipients that are in the given state get the outcome. */
static void
settle(struct transaction *t, int taken, const struct outcome *o)
{
	size_t i;

	for (i = 0; i < t->n; i++)
		if (!t->recipients[i]->outcome.letter && t->recipients[i]->taken == taken)
			outcome_copy(&t->recipients[i]->outcome, o);
}

/*
 * RFC 5321, 4.5.3.1.10: 452, or 552 of older servers, means that there are too many
 * recipients; but both mean a full mailbox, too, and an enhanced status code tells which.
 */
static int
is_too_many(const struct remote_reply *reply)
{
	const char *detail = reply->status + 1;

	return (reply->code == 452 || reply->code == 552) &&
	       (reply->status[0] == '\0' || strcmp(detail, ".5.3") == 0);
}

static void
judge_recipient(struct transaction *t, struct recipient *r)
{
	if (t->reply.code / 100 == 2) {
		r->taken = 1;
		t->taken++;
	} else if (is_too_many(&t->reply) && t->taken > 0) {
		t->delayed++;
	} else {
		remote_session_judge(t->session, &t->reply, &r->outcome);
		if (is_too_many(&t->reply)) {
			r->outcome.letter = 'Z';
			strcpy(r->outcome.status, "4.5.3");
		}
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
	settle(t, 0, t->fault);
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
	if (hear(t, "MAIL", COMMAND_SECONDS) == -1)
		return -1;
	t->session->needs_reset = 1;
	r = judge_mail(t);
	for (i = 0; i < t->n && r == 1; i++) {
		remote_session_say(t->session, "RCPT TO:<", t->recipients[i]->address,
		    ">", (char *)NULL);
		if (hear(t, "RCPT", COMMAND_SECONDS) == -1)
			return -1;
		judge_recipient(t, t->recipients[i]);
	}
	if (r != 1 || t->taken == 0)
		return r == 1 ? 0 : r;
	remote_session_say(t->session, "DATA", (char *)NULL);
	if (hear(t, "DATA", DATA_SECONDS) == -1)
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
	if (hear(t, "MAIL", COMMAND_SECONDS) == -1)
		return -1;
	t->session->needs_reset = 1;
	r = judge_mail(t);
	for (i = 0; i < t->n; i++) {
		if (hear(t, "RCPT", COMMAND_SECONDS) == -1)
			return -1;
		if (r == 1)
			judge_recipient(t, t->recipients[i]);
	}
	if (hear(t, "DATA", DATA_SECONDS) == -1)
		return -1;
	if (r == 1 && t->taken > 0)
		return 1;
	if (t->reply.code / 100 == 3) { /* RFC 2920, 3.1: nothing but the dot */
		remote_session_say(t->session, ".", (char *)NULL);
		if (hear(t, "the lone dot", FINAL_SECONDS) == -1)
			return -1;
	}
	return r == 1 ? 0 : r;
}

/* Who is still open after this has to wait, or to try another server. */
static void
break_off(struct transaction *t)
{
	remote_session_close(t->session);
	outcome_set(t->fault, 'Z', "4.4.2", t->session->peer,
	    ": session ended before this recipient's turn", (char *)NULL);
}

/* The server speaks before the dot: it has seen enough.  0 settled, -1 session over. */
static int
hear_early(struct transaction *t)
{
	struct outcome o = {0};

	if (hear(t, "the data", COMMAND_SECONDS) == -1)
		return -1;
	remote_session_judge(t->session, &t->reply, &o);
	if (o.letter == 'K')
		outcome_set(&o, 'Z', "4.5.0", t->session->peer,
		    " accepted before the end: ", t->reply.text, (char *)NULL);
	settle(t, 1, &o);
	stralloc_free(&o.text);
	break_off(t);
	return 0;
}

static int
fail_to_read(struct transaction *t)
{
	struct outcome o = {0};

	outcome_set(&o, 'Z', "4.3.0", "unable to read the message: ", strerror(errno),
	    (char *)NULL);
	settle(t, 1, &o);
	stralloc_free(&o.text);
	break_off(t);
	return 0;
}

/*
 * Send the message; the final dot goes with the last bytes, for apart from them it might
 * wait for the peer's delayed acknowledgement.  Returns 1 when the dot is out, else as
 * hear_early.
 */
static int
send_data(struct transaction *t)
{
	struct remote_session *s = t->session;
	struct mail_source *source = &t->mail->source;
	char in[CHUNK], out[DOTSTUFF_ROOM(CHUNK) + DOTSTUFF_END];
	struct dotstuff d = {0};
	off_t at = 0;
	ssize_t r;
	size_t n;

	do {
		r = mail_source_read(source, in, sizeof(in), at);
		if (r == -1)
			return fail_to_read(t);
		at += r;
		n = dotstuff_encode(&d, out, in, (size_t)r);
		if (at >= source->length)
			n += dotstuff_end(&d, out + n);
		s->phase = "the data";
		if (transport_has_news(&s->transport))
			return hear_early(t);
		if (transport_write(&s->transport, out, n,
			remote_session_limit(s, BLOCK_SECONDS)) == -1)
			return errno == ETIMEDOUT ? remote_session_lost(s, t->fault)
						  : hear_early(t);
	} while (at < source->length);
	remote_session_show(s, ">", "(the message)", 13);
	return 1;
}

/* After the dot the server may have the mail: no other one is tried now. */
static int
finish(struct transaction *t)
{
	struct outcome o = {0};

	t->session->needs_reset = 0;
	if (hear(t, "the final dot", FINAL_SECONDS) == -1) {
		outcome_copy(&o, t->fault);
		break_off(t);
	} else {
		remote_session_judge(t->session, &t->reply, &o);
	}
	settle(t, 1, &o);
	stralloc_free(&o.text);
	return 0;
}

/* The server has answered DATA. */
static int
hand_over(struct transaction *t)
{
	struct outcome o = {0};
	int r;

	if (t->reply.code / 100 == 3) {
		r = send_data(t);
		return r == 1 ? finish(t) : r;
	}
	remote_session_judge(t->session, &t->reply, &o);
	if (o.letter == 'K') {
		outcome_set(&o, 'Z', "4.5.0", t->session->peer,
		    " answered DATA with: ", t->reply.text, (char *)NULL);
		break_off(t);
	}
	settle(t, 1, &o);
	stralloc_free(&o.text);
	return 0;
}

/* Gather the next open recipients; false when there is none. */
static int
gather(struct transaction *t, struct recipient **recipients)
{
	size_t max = TRANSACTION_RECIPIENTS, i;

	if (t->session->recipients_max > 0 && t->session->recipients_max < max)
		max = t->session->recipients_max;
	t->recipients = recipients;
	t->n = t->taken = t->delayed = 0;
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
	if (hear(t, "RSET", COMMAND_SECONDS) == -1)
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
			r = hand_over(&t);
		if (r == -1)
			return -1;
	}
	return 0;
}
