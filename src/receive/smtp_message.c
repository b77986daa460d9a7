#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <errmsg.h>

#include "lib/envelope.h"
#include "lib/log.h"
#include "lib/text.h"
#include "lib/verdict.h"
#include "receive/client.h"
#include "receive/smtp_auth.h"
#include "receive/smtp_message.h"
#include "receive/smtp_received.h"
#include "receive/smtp_reply.h"
#include "receive/smtp_report.h"

/* RFC 3848, and RFC 6531, 4.3 */
static const char *
protocol_of(const struct smtp_session *session)
{
	static const char *const names[] = {"ESMTP", "ESMTPA", "ESMTPS", "ESMTPSA",
	    "UTF8SMTP", "UTF8SMTPA", "UTF8SMTPS", "UTF8SMTPSA"};

	if (!session->extended)
		return "SMTP";
	return names[4 * !!session->transaction.is_utf8 +
		     2 * smtp_session_is_encrypted() + !!getenv("AUTHUSER")];
}

/* Is it a client of ours?  It may have authenticated since it was asked last. */
static int
is_our_own(void)
{
	return smtp_auth_user() || client_is_authorised() == 1;
}

/* What tls-wrap, or else another wrapper, has told of the session; null when neither. */
static const char *
known_of_tls(const char *name, const char *other_name)
{
	const char *value = getenv(name);

	if (!value || !*value || !strcmp(value, "unknown"))
		value = getenv(other_name);
	return value && *value ? value : NULL;
}

/* Put what goes above the message: the policies' fields, then our Received (RFC
 * 7208, 9.1). */
static void
put_header(const struct smtp_session *session, stralloc *sa)
{
	const struct smtp_transaction *t = &session->transaction;

	text_catb(sa, session->policies.helo_fields.s, session->policies.helo_fields.len);
	text_catb(sa, session->policies.fields.s, session->policies.fields.len);
	smtp_received_put(sa,
	    &(struct smtp_received){
		.helo = session->hides_client && is_our_own() ? NULL : session->helo.s,
		.host = getenv("TCPREMOTEHOST"),
		.ip = getenv("TCPREMOTEIP"),
		.me = session->me.s,
		.protocol = protocol_of(session),
		.tls = known_of_tls("TLS_VERSION", "SSL_PROTOCOL"),
		.cipher = known_of_tls("TLS_CIPHER", "SSL_CIPHER"),
		.id = t->id,
		.recipient = t->recipients == 1 ? t->first.s : NULL,
		.time = time(NULL)});
}

const char *
smtp_message_begin(struct smtp_session *session)
{
	const stralloc request = {.s = "data", .len = 4};
	stralloc header = {0};
	int r;

	if (smtp_policies_ask(&session->policies, session->helo.s, &request) != 'K')
		return session->policies.reply.s;
	smtp_data_begin(&session->transfer.data, session->databytes, session->headermax);
	session->transfer.data.mends_lf = is_our_own;
	put_header(session, &header);
	r = setenv("QUEUEID", session->transaction.id, 1);
	if (!r)
		r = smtp_transfer_begin(&session->transfer, session->sink, &header);
	if (r)
		carpsys("unable to start ", session->sink[0]);
	stralloc_free(&header);
	return r ? REPLY_SINK_FAILED : NULL;
}

const char *
smtp_message_fault(const struct smtp_session *session)
{
	unsigned faults = session->transfer.data.faults;

	if (faults & SMTP_DATA_TOO_LARGE)
		return REPLY_TOO_LARGE;
	if (faults & SMTP_DATA_HEADER)
		return REPLY_HEADER_TOO_LARGE;
	if (faults & SMTP_DATA_LOOPS)
		return REPLY_LOOPS;
	if (faults & SMTP_DATA_NULL)
		return REPLY_NULL_BYTE;
	if (faults)
		return faults & SMTP_DATA_BARE_LF ? REPLY_BARE_LF : REPLY_BARE_CR;
	return session->transfer.sinking ? NULL : REPLY_SINK_FAILED;
}

static void
accept_message(struct smtp_session *session, unsigned long long octets)
{
	struct smtp_transaction *t = &session->transaction;
	char bytes[DECIMAL_MAX], recipients[DECIMAL_MAX];

	log_event(t->id, "accepted", "from", t->sender.s, "rcpts",
	    text_decimal(recipients, t->recipients), "bytes", text_decimal(bytes, octets),
	    "client", session->client, NULL);
	smtp_channel_say(&session->channel, REPLY_ACCEPTED, t->id, NULL);
	t->is_accepted = 1;
	session->accepted++;
	session->strikes = session->idle = 0;
	session->drained = 0;
}

void
smtp_message_conclude(struct smtp_session *session)
{
	struct smtp_transfer *transfer = &session->transfer;
	struct smtp_transaction *t = &session->transaction;
	const char *fault = smtp_message_fault(session);
	stralloc report = {0}, reply = {0};
	int verdict;

	if (fault) {
		smtp_session_refuse(session, fault, NULL, NULL);
		return;
	}
	envelope_end(&t->envelope);
	verdict = sink_finish(
	    &transfer->sink, t->envelope.s, t->envelope.len, &report, SMTP_SINK_SECONDS);
	transfer->sinking = 0;
	if (verdict == ACCEPT && transfer->cut)
		verdict = DEFER;
	if (verdict == ACCEPT) {
		accept_message(session, transfer->data.octets);
	} else {
		smtp_report_put(&reply, verdict, report.s, report.len);
		smtp_session_refuse(session, reply.s, NULL, NULL);
	}
	stralloc_free(&report);
	stralloc_free(&reply);
}

const char *
smtp_message_obstacle(const struct smtp_session *session)
{
	const struct smtp_transaction *t = &session->transaction;

	if (!session->helo.len)
		return REPLY_HELO_FIRST;
	if (!t->begun)
		return REPLY_MAIL_FIRST;
	if (!t->recipients)
		return t->refused ? REPLY_NO_RECIPIENTS : REPLY_RCPT_FIRST;
	return NULL;
}

void
smtp_message_data(struct smtp_session *session, const char *argument, size_t len)
{
	const char *reply = len ? REPLY_NO_ARGUMENT : smtp_message_obstacle(session);
	ssize_t r;

	(void)argument;
	if (!reply && session->transaction.chunks != SMTP_CHUNKS_NONE)
		reply = REPLY_CHUNKS_BEGUN;
	if (reply) {
		smtp_session_complain(session, reply);
		return;
	}
	reply = smtp_message_begin(session);
	if (reply) {
		smtp_session_refuse(session, reply, NULL, NULL);
		smtp_session_reset(session);
		return;
	}
	smtp_channel_say(&session->channel, REPLY_GO_ON, NULL);
	r = smtp_transfer_data(&session->transfer, &session->channel);
	if (r == 1) {
		smtp_message_conclude(session);
		smtp_transfer_release(&session->transfer, &session->channel);
	} else {
		smtp_session_lose(session, r);
	}
	smtp_session_reset(session);
}
