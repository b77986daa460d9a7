#include <errno.h>
#include <string.h>

#include "lib/deadline.h"
#include "lib/dotstuff.h"
#include "lib/log.h"
#include "lib/notify.h"
#include "lib/text.h"
#include "send/transaction_data.h"

#define CHUNK 65536
#define CHUNK_COMMAND 64 /* BDAT, a number, LAST */

int
transaction_data_hear(struct transaction *t, const char *phase, unsigned seconds)
{
	return remote_session_hear(t->session, phase, seconds, &t->reply, t->fault);
}

int
transaction_data_judge(struct transaction *t, struct outcome *o)
{
	struct outcome judged = {0};
	int is_judged;

	remote_session_judge(t->session, &t->reply, &judged);
	/* what was refused before says nothing of this reply: who has taken it must not
	 * get it again */
	is_judged = judged.letter != 'D' || t->is_fresh;
	if (is_judged)
		outcome_copy(o, &judged);
	else
		t->is_stale = 1;
	outcome_free(&judged);
	return is_judged;
}

static void
settle_one(
    const struct transaction *t, struct transaction_recipient *r, const struct outcome *o)
{
	if (o->letter == 'K' && notify_wants(r->notify, "SUCCESS") &&
	    !t->session->has_dsn)
		outcome_set(&r->outcome, 'K', o->status, OUTCOME_RELAYED, o->text.s,
		    (char *)NULL);
	else
		outcome_copy(&r->outcome, o);
}

void
transaction_data_settle(struct transaction *t, int taken, const struct outcome *o)
{
	struct transaction_recipient *r;
	size_t i;

	for (i = 0; i < t->n; i++) {
		r = t->recipients[i];
		if (!r->outcome.letter && r->taken == taken)
			settle_one(t, r, o);
	}
}

/* What the verdict on the message follows, for messages. */
static const char *
end_of(const struct transaction *t)
{
	return t->is_chunked ? "the last chunk" : "the final dot";
}

/* Who is still open after this has to wait, or to try another server. */
static void
break_off(struct transaction *t)
{
	remote_session_close(t->session);
	outcome_set(t->fault, 'Z', "4.4.2", t->session->peer,
	    ": session ended before this recipient's turn", (char *)NULL);
}

/*
 * The server offers BDAT, and does not know it: what follows the command it takes for
 * commands, so that this session is of no use.  Others are to use DATA.
 */
static int
is_unknown_chunk(struct transaction *t)
{
	return t->is_chunked && t->reply.code >= 500 && t->reply.code <= 504;
}

static int
shun_chunks(struct transaction *t)
{
	log_event(t->session->id, "unchunked", "host", t->session->peer, "reply",
	    t->reply.text, (char *)NULL);
	t->session->shuns_chunking = 1;
	t->is_stale = 1;
	break_off(t);
	return 0;
}

/* The server speaks before the end: it has seen enough.  0 settled, -1 session over. */
static int
hear_early(struct transaction *t)
{
	struct outcome o = {0};

	if (transaction_data_hear(t, "the data", REMOTE_COMMAND_SECONDS) == -1)
		return -1;
	if (is_unknown_chunk(t))
		return shun_chunks(t);
	if (transaction_data_judge(t, &o)) {
		if (o.letter == 'K')
			outcome_set(&o, 'Z', "4.5.0", t->session->peer,
			    " accepted before the end: ", t->reply.text, (char *)NULL);
		transaction_data_settle(t, 1, &o);
	}
	outcome_free(&o);
	break_off(t);
	return 0;
}

static int
fail_to_read(struct transaction *t)
{
	struct outcome o = {0};

	outcome_set(&o, 'Z', "4.3.0", "unable to read the message: ", strerror(errno),
	    (char *)NULL);
	transaction_data_settle(t, 1, &o);
	outcome_free(&o);
	break_off(t);
	return 0;
}

/*
 * RFC 3030, 2: one chunk is enough, for we know how long it is.  Its command goes with
 * the first bytes.  Returns its length in out, which holds CHUNK_COMMAND bytes.
 */
static size_t
put_chunk_command(struct transaction *t, char *out)
{
	struct remote_session *s = t->session;
	char digits[DECIMAL_MAX];
	size_t n;

	if (!t->is_chunked)
		return 0;
	n = (size_t)(stpcpy(stpcpy(stpcpy(out, "BDAT "),
				text_decimal(digits, t->mail->form->octets)),
			 " LAST") -
		     out);
	remote_session_show(s, ">", out, n);
	memcpy(out + n, "\r\n", 2);
	return n + 2;
}

/*
 * Send the message; the final dot goes with the last bytes, for apart from them it might
 * wait for the peer's delayed acknowledgement.  Returns 1 when all is out, else as
 * hear_early.
 */
static int
send_data(struct transaction *t)
{
	struct remote_session *s = t->session;
	const struct mail_source *source = t->mail->form;
	char in[CHUNK], out[CHUNK_COMMAND + DOTSTUFF_ROOM(CHUNK) + DOTSTUFF_END];
	struct dotstuff d = {.is_plain = t->is_chunked};
	size_t n = put_chunk_command(t, out);
	off_t at = 0;
	ssize_t r;

	do {
		r = mail_source_read(source, in, sizeof(in), at);
		if (r == -1)
			return fail_to_read(t);
		at += r;
		n += dotstuff_encode(&d, out + n, in, (size_t)r);
		if (at >= source->length)
			n += dotstuff_end(&d, out + n);
		s->phase = "the data";
		if (transport_has_news(&s->transport))
			return hear_early(t);
		if (transport_write(&s->transport, out, n,
			remote_session_limit(s, REMOTE_BLOCK_SECONDS)) == -1)
			return errno == ETIMEDOUT ? remote_session_lost(s, t->fault)
						  : hear_early(t);
		n = 0;
	} while (at < source->length);
	remote_session_show(s, ">", "(the message)", 13);
	return 1;
}

/*
 * The server may have the mail: no other one is tried now for those who have no outcome
 * yet.
 */
static void
leave_in_doubt(struct transaction *t)
{
	struct outcome o = {0};

	outcome_set(&o, t->fault->letter, t->fault->status, t->fault->text.s,
	    t->reply.code == 421 ? "" : "; it may have taken the mail", (char *)NULL);
	for (size_t i = 0; i < t->n && t->reply.code != 421; i++)
		if (!t->recipients[i]->outcome.letter)
			t->recipients[i]->may_be_taken = t->recipients[i]->taken;
	break_off(t);
	transaction_data_settle(t, 1, &o);
	outcome_free(&o);
}

/* RFC 2033, 4.2: a reply for each recipient that was taken, in their order. */
static int
finish_each(struct transaction *t)
{
	struct outcome o = {0};
	size_t i, heard = 0;

	for (i = 0; i < t->n; i++) {
		if (!t->recipients[i]->taken)
			continue;
		if (transaction_data_hear(t, end_of(t), REMOTE_FINAL_SECONDS) == -1) {
			leave_in_doubt(t);
			break;
		}
		/* that is said once, and not for each */
		if (heard++ == 0 && is_unknown_chunk(t))
			return shun_chunks(t);
		if (transaction_data_judge(t, &o))
			settle_one(t, t->recipients[i], &o);
	}
	outcome_free(&o);
	return 0;
}

/* All has been sent. */
static int
hear_verdict(struct transaction *t)
{
	struct outcome o = {0};

	if (t->session->is_lmtp)
		return finish_each(t);
	if (transaction_data_hear(t, end_of(t), REMOTE_FINAL_SECONDS) == -1) {
		leave_in_doubt(t);
		return 0;
	}
	if (is_unknown_chunk(t))
		return shun_chunks(t);
	if (transaction_data_judge(t, &o))
		transaction_data_settle(t, 1, &o);
	outcome_free(&o);
	return 0;
}

/*
 * Who does not wait for the verdict sends the message twice, so that has its time,
 * whatever all before it took; of LMTP, all of them together.
 */
static int
finish(struct transaction *t)
{
	struct remote_session *s = t->session;
	int64_t until = s->until,
		at = deadline_now() + REMOTE_FINAL_SECONDS * INT64_C(1000);
	int r;

	s->needs_reset = 0;
	if (until != 0 && until < at)
		s->until = at;
	r = hear_verdict(t);
	s->until = until;
	return r;
}

int
transaction_data_hand_over(struct transaction *t)
{
	struct outcome o = {0};
	int r;

	if (t->is_chunked || t->reply.code / 100 == 3) {
		r = send_data(t);
		return r == 1 ? finish(t) : r;
	}
	if (!transaction_data_judge(t, &o))
		return 0;
	if (o.letter == 'K') {
		outcome_set(&o, 'Z', "4.5.0", t->session->peer,
		    " answered DATA with: ", t->reply.text, (char *)NULL);
		break_off(t);
	}
	transaction_data_settle(t, 1, &o);
	outcome_free(&o);
	return 0;
}
