#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <errmsg.h>

#include "lib/deadline.h"
#include "lib/envelope.h"
#include "lib/log.h"
#include "lib/received.h"
#include "lib/sink_environment.h"
#include "lib/starttls.h"
#include "lib/text.h"
#include "lib/variable.h"
#include "lib/verdict.h"
#include "smtp/auth.h"
#include "smtp/loop.h"
#include "smtp/oddity.h"
#include "smtp/reception.h"
#include "smtp/reply.h"
#include "smtp/sink_reply.h"

/* RFC 3848, and RFC 6531, 4.3 */
static const char *
protocol_of(const struct session *session)
{
	static const char *const names[] = {"ESMTP", "ESMTPA", "ESMTPS", "ESMTPSA",
	    "UTF8SMTP", "UTF8SMTPA", "UTF8SMTPS", "UTF8SMTPSA"};

	if (!session->extended)
		return "SMTP";
	return names[4 * !!session->transaction.is_utf8 + 2 * starttls_active() +
		     (variable_own("AUTHUSER") != NULL)];
}

/* Put what goes above the message: the policies' fields, then our Received (RFC
 * 7208, 9.1). */
static void
put_header(const struct session *session, stralloc *sa)
{
	const struct session_transaction *t = &session->transaction;
	const char *uid = variable_own("PEERUID");

	policies_put_fields(&session->policies, sa);
	received_put(
	    sa, &(struct received){
		    .helo = uid != NULL || (session->hides_client && session_is_ours())
				? NULL
				: session->helo.s,
		    .host = variable_own("TCPREMOTEHOST"),
		    .ip = variable_own("TCPREMOTEIP"),
		    .me = session->me.s,
		    .user = uid != NULL ? variable_own("AUTHUSER") : NULL,
		    .uid = uid,
		    .protocol = protocol_of(session),
		    .tls = session_tls("TLS_VERSION", "SSL_PROTOCOL"),
		    .cipher = session_tls("TLS_CIPHER", "SSL_CIPHER"),
		    .id = t->id,
		    .recipient = t->recipients == 1 ? t->first.s : NULL,
		    .time = time(NULL)});
}

/* The recipients in an envelope that is not yet complete, each ended by LF. */
static void
put_recipients(stralloc *sa, const stralloc *envelope)
{
	const char *s = envelope->s, *end = s + envelope->len;

	for (; s < end; s += strlen(s) + 1)
		if (*s == 'T')
			text_cat(sa, s + 1, "\n", (char *)NULL);
}

/* Returns 0, or -1 with errno. */
static int
begin_told(struct session *session, const char *const *sink, const stralloc *header,
    const struct sink_environment *e)
{
	stralloc told = {0};
	int r = sink_environment_tell(e, &told);

	if (r == 0)
		r = transfer_begin(&session->transfer, sink, header, &told);
	stralloc_free(&told);
	return r;
}

/* Returns 0, or -1 with errno. */
static int
begin_sink(struct session *session, const char *const *sink, const stralloc *header)
{
	stralloc recipients = {0};
	const struct sink_environment e = {.helo = session->helo.s,
	    .sender = session->transaction.sender.s,
	    .recipients = &recipients,
	    .policies = &session->policies};
	int is_filter = sink_is_filter(sink), r;

	if (is_filter || !sink_is_service(sink))
		put_recipients(&recipients, &session->transaction.envelope);
	r = setenv("QUEUEID", session->transaction.id, 1);
	if (r == 0 && is_filter) {
		r = begin_told(session, sink, header, &e);
	} else {
		if (r == 0)
			r = sink_environment_set(&e, sink);
		if (r == 0)
			r = transfer_begin(&session->transfer, sink, header, NULL);
		sink_environment_clear(&e, sink);
	}
	stralloc_free(&recipients);
	return r;
}

const char *
reception_begin(struct session *session)
{
	const stralloc request = {.s = "data", .len = 4};
	const char *const *sink = session_is_ours() ? session->own_sink : session->sink;
	stralloc header = {0};
	int r;

	if (policies_ask(&session->policies, session->helo.s, &request) != 'K')
		return session->policies.reply.s;
	data_begin(&session->transfer.data, session->databytes, session->headermax);
	session->transfer.data.mends = session_is_ours;
	put_header(session, &header);
	r = begin_sink(session, sink, &header);
	if (r)
		carpsys("unable to start ", sink[0]);
	stralloc_free(&header);
	return r ? REPLY_SINK_FAILED : NULL;
}

const char *
reception_fault(const struct session *session)
{
	unsigned faults = session->transfer.data.faults;

	if (faults & DATA_TOO_LARGE)
		return REPLY_TOO_LARGE;
	if (faults & DATA_HEADER)
		return REPLY_HEADER_TOO_LARGE;
	if (faults & DATA_LOOPS)
		return REPLY_LOOPS;
	if (faults & DATA_NULL)
		return REPLY_NULL_BYTE;
	if (faults)
		return faults & DATA_BARE_LF ? REPLY_BARE_LF : REPLY_BARE_CR;
	return session->transfer.sinking ? NULL : REPLY_SINK_FAILED;
}

static void
accept_message(struct session *session, unsigned long long octets)
{
	struct session_transaction *t = &session->transaction;
	const char *message_id = session->transfer.data.header.id;
	char bytes[DECIMAL_MAX], recipients[DECIMAL_MAX], ms[DECIMAL_MAX];

	log_event(t->id, "accepted", "from", t->sender.s, "rcpts",
	    text_decimal(recipients, t->recipients), "bytes", text_decimal(bytes, octets),
	    "ms", text_decimal(ms, deadline_now() - t->mailed), "client", session->client,
	    "helo", session->helo.s, "user", auth_user(), "tls",
	    session_tls("TLS_VERSION", "SSL_PROTOCOL"), "rcpt", t->first.s, "msgid",
	    *message_id ? message_id : NULL, (char *)NULL);
	wire_say(&session->channel, REPLY_ACCEPTED, t->id, (char *)NULL);
	t->is_accepted = 1;
	session->accepted++;
	session->strikes = session->idle = 0;
	session->drained = 0;
}

/*
 * Now that the size is known: is there room for it where it goes?  Who was told as much
 * by MAIL has said so already.  Null, or the reply that refuses the message.
 */
static const char *
find_room(struct session *session)
{
	char digits[DECIMAL_MAX];
	stralloc request = {0};
	char letter;

	if (session->transfer.data.octets <= session->transaction.size ||
	    !session->policies.count)
		return NULL;
	text_cat(&request, "size ", text_decimal(digits, session->transfer.data.octets),
	    (char *)NULL);
	letter = policies_ask(&session->policies, session->helo.s, &request);
	stralloc_free(&request);
	return letter == 'K' ? NULL : session->policies.reply.s;
}

/* What is odd in the message, and what is wrong with it: null, or a reply. */
static const char *
judge(struct session *session)
{
	const struct data *data = &session->transfer.data;
	const char *fault = reception_fault(session);

	if (data->is_mended)
		oddity_note(session, ODDITY_LINE_END);
	if (data->header.is_headless)
		oddity_note(session, ODDITY_HEADLESS);
	if (fault == NULL)
		fault = loop_find(session);
	if (fault == NULL)
		fault = find_room(session);
	return fault;
}

void
reception_conclude(struct session *session)
{
	struct transfer *transfer = &session->transfer;
	struct session_transaction *t = &session->transaction;
	const char *fault = judge(session);
	stralloc report = {0}, reply = {0};
	int verdict;

	if (fault != NULL) {
		session_refuse(session, fault, NULL, NULL);
		return;
	}
	envelope_end(&t->envelope);
	verdict = sink_finish(&transfer->sink, t->envelope.s, t->envelope.len, &report,
	    TRANSFER_SINK_SECONDS);
	transfer->sinking = 0;
	if (verdict == ACCEPT) {
		accept_message(session, transfer->data.octets);
	} else {
		sink_reply_put(&reply, verdict, report.s, report.len);
		session_refuse(session, reply.s, NULL, NULL);
	}
	stralloc_free(&report);
	stralloc_free(&reply);
}

const char *
reception_obstacle(const struct session *session)
{
	const struct session_transaction *t = &session->transaction;

	if (!session->helo.len)
		return REPLY_HELO_FIRST;
	if (!t->begun)
		return REPLY_MAIL_FIRST;
	if (!t->recipients)
		return t->refused ? REPLY_NO_RECIPIENTS : REPLY_RCPT_FIRST;
	return NULL;
}

void
reception_data(struct session *session, const char *argument, size_t len)
{
	const char *reply = reception_obstacle(session);
	ssize_t r;

	(void)argument;
	(void)len;
	if (reply == NULL && session->transaction.chunks != SESSION_CHUNKS_NONE)
		reply = REPLY_CHUNKS_BEGUN;
	if (reply != NULL) {
		session_complain(session, reply);
		return;
	}
	reply = reception_begin(session);
	if (reply != NULL) {
		session_refuse(session, reply, NULL, NULL);
		session_reset(session);
		return;
	}
	wire_say(&session->channel, REPLY_GO_ON, (char *)NULL);
	r = transfer_data(&session->transfer, &session->channel);
	if (r == 1) {
		reception_conclude(session);
		transfer_release(&session->transfer, &session->channel);
	} else if (r == TRANSFER_LF_END) {
		/* whether what comes next is data or a command nobody knows */
		session_refuse(session, REPLY_LF_END, NULL, NULL);
		session->ending = "data ended by LF";
	} else {
		session_lose(session, r);
	}
	session_reset(session);
}
