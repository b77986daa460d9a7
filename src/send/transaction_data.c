#include <errno.h>
#include <string.h>

#include "lib/dotstuff.h"
#include "lib/notify.h"
#include "send/transaction_data.h"

#define CHUNK 65536

int
transaction_hear(struct transaction *t, const char *phase, unsigned seconds)
{
	return remote_session_hear(t->session, phase, seconds, &t->reply, t->fault);
}

void
transaction_settle(struct transaction *t, int taken, const struct outcome *o)
{
	struct recipient *r;
	size_t i;

	for (i = 0; i < t->n; i++) {
		r = t->recipients[i];
		if (r->outcome.letter || r->taken != taken)
			continue;
		if (o->letter == 'K' && notify_wants(r->notify, "SUCCESS") &&
		    !t->session->has_dsn)
			outcome_set(&r->outcome, 'K', o->status, NOTIFY_RELAYED,
			    o->text.s, (char *)NULL);
		else
			outcome_copy(&r->outcome, o);
	}
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

	if (transaction_hear(t, "the data", COMMAND_SECONDS) == -1)
		return -1;
	remote_session_judge(t->session, &t->reply, &o);
	if (o.letter == 'K')
		outcome_set(&o, 'Z', "4.5.0", t->session->peer,
		    " accepted before the end: ", t->reply.text, (char *)NULL);
	transaction_settle(t, 1, &o);
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
	transaction_settle(t, 1, &o);
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
	if (transaction_hear(t, "the final dot", FINAL_SECONDS) == -1) {
		outcome_set(&o, t->fault->letter, t->fault->status, t->fault->text.s,
		    t->reply.code == 421 ? "" : "; it may have taken the mail",
		    (char *)NULL);
		break_off(t);
	} else {
		remote_session_judge(t->session, &t->reply, &o);
	}
	transaction_settle(t, 1, &o);
	stralloc_free(&o.text);
	return 0;
}

int
transaction_hand_over(struct transaction *t)
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
	transaction_settle(t, 1, &o);
	stralloc_free(&o.text);
	return 0;
}
