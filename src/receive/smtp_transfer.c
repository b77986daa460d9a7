#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include <errmsg.h>

#include "lib/deadline.h"
#include "lib/envelope.h"
#include "lib/log.h"
#include "lib/sink.h"
#include "lib/text.h"
#include "lib/verdict.h"
#include "receive/smtp_data.h"
#include "receive/smtp_received.h"
#include "receive/smtp_reply.h"
#include "receive/smtp_report.h"
#include "receive/smtp_transfer.h"

#define SMALL 16384      /* a message that leaves little memory behind */
#define SINK_SECONDS 300 /* for a step of the sink, and for its verdict */

/* A message on its way to the sink. */
struct transfer {
	struct smtp_data data;
	struct sink sink;
	int sinking; /* the sink is there */
	int cut;     /* it did not want all of the message */
	size_t used;
	_Alignas(SMTP_PAGE) char out[SMTP_INPUT_SIZE]; /* decoded, for the next write to
							  the sink */
};

static void
give_up_sink(struct transfer *transfer)
{
	if (transfer->sinking)
		sink_abort(&transfer->sink);
	transfer->sinking = 0;
}

/*
 * Write to the sink what has been decoded.  Whatever goes wrong, the data is read to its
 * end and then refused.
 */
static void
flush_to_sink(struct transfer *transfer)
{
	size_t done = 0;
	int64_t until = 0;
	ssize_t r;

	while (transfer->sinking && done < transfer->used) {
		r = write(
		    transfer->sink.message, transfer->out + done, transfer->used - done);
		if (r > 0) {
			done += r;
			continue;
		}
		if (!until)
			until = deadline_now() + SINK_SECONDS * INT64_C(1000);
		if (errno == EINTR ||
		    (errno == EAGAIN &&
			!deadline_wait(transfer->sink.message, POLLOUT, until)))
			continue;
		/* One that ended early says why, or its exit code does. */
		if (errno == EPIPE) {
			transfer->cut = 1;
			break;
		}
		carpsys("unable to write to the sink");
		give_up_sink(transfer);
	}
	transfer->used = 0;
}

/* Put what goes above the message: the policies' fields, then our Received (RFC
 * 7208, 9.1). */
static void
put_header(const struct smtp_session *session, stralloc *sa)
{
	const struct smtp_transaction *t = &session->transaction;

	text_catb(sa, session->policies.helo_fields.s, session->policies.helo_fields.len);
	text_catb(sa, session->policies.fields.s, session->policies.fields.len);
	smtp_received_put(sa, &(struct smtp_received){.helo = session->helo.s,
				  .host = getenv("TCPREMOTEHOST"),
				  .ip = getenv("TCPREMOTEIP"),
				  .me = session->me.s,
				  .protocol = session->extended ? "ESMTP" : "SMTP",
				  .id = t->id,
				  .recipient = t->recipients == 1 ? t->first.s : NULL,
				  .time = time(NULL)});
}

/* Returns 0, or -1 after having said why not. */
static int
begin(struct smtp_session *session, struct transfer *transfer)
{
	stralloc header = {0};

	if (setenv("QUEUEID", session->transaction.id, 1) == -1 ||
	    sink_start(&transfer->sink, session->sink) == -1) {
		carpsys("unable to start ", session->sink[0]);
		smtp_session_refuse(session, REPLY_SINK_FAILED, NULL, NULL);
		return -1;
	}
	transfer->sinking = 1;
	transfer->cut = 0;
	smtp_data_begin(&transfer->data, session->databytes);
	put_header(session, &header);
	memcpy(transfer->out, header.s, header.len);
	transfer->used = header.len;
	stralloc_free(&header);
	return 0;
}

/* Take the data to its end.  Returns 1, or what smtp_channel_fill did. */
static ssize_t
take_data(struct smtp_channel *ch, struct transfer *transfer)
{
	size_t used;
	ssize_t r;

	for (;;) {
		if (transfer->used + ch->end - ch->start > sizeof transfer->out)
			flush_to_sink(transfer);
		transfer->used +=
		    smtp_data_decode(&transfer->data, transfer->out + transfer->used,
			ch->input + ch->start, ch->end - ch->start, &used);
		ch->start += used;
		if (transfer->data.faults) {
			give_up_sink(transfer);
			transfer->used = 0;
		}
		if (transfer->data.ended)
			break;
		r = smtp_channel_fill(ch, sizeof ch->input);
		if (r <= 0)
			return r;
	}
	flush_to_sink(transfer);
	return 1;
}

static const char *
fault_reply(unsigned faults)
{
	if (faults & SMTP_DATA_TOO_LARGE)
		return REPLY_TOO_LARGE;
	if (faults & SMTP_DATA_LOOPS)
		return REPLY_LOOPS;
	return faults & SMTP_DATA_BARE_LF ? REPLY_BARE_LF : REPLY_BARE_CR;
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
	session->strikes = 0;
}

/* All the data is here: hand over the envelope, and tell the client what came of it. */
static void
conclude(struct smtp_session *session, struct transfer *transfer)
{
	struct smtp_transaction *t = &session->transaction;
	stralloc report = {0}, reply = {0};
	int verdict;

	if (!transfer->sinking) {
		smtp_session_refuse(session,
		    transfer->data.faults ? fault_reply(transfer->data.faults)
					  : REPLY_SINK_FAILED,
		    NULL, NULL);
		return;
	}
	envelope_end(&t->envelope);
	verdict = sink_finish(
	    &transfer->sink, t->envelope.s, t->envelope.len, &report, SINK_SECONDS);
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

/* Give back the memory of a large message: the client may stay for long, and idle. */
static void
release(struct smtp_channel *ch, struct transfer *transfer)
{
	if (transfer->data.octets < SMALL || ch->start != ch->end)
		return;
	madvise(ch->input, sizeof ch->input, MADV_DONTNEED);
	madvise(transfer->out, sizeof transfer->out, MADV_DONTNEED);
}

/* Is it time for DATA?  Null, or the reply that says why not. */
static const char *
find_obstacle(const struct smtp_session *session, size_t len)
{
	const struct smtp_transaction *t = &session->transaction;

	if (len)
		return REPLY_NO_ARGUMENT;
	if (!session->helo.len)
		return REPLY_HELO_FIRST;
	if (!t->begun)
		return REPLY_MAIL_FIRST;
	if (!t->recipients)
		return t->refused ? REPLY_NO_RECIPIENTS : REPLY_RCPT_FIRST;
	return NULL;
}

void
smtp_transfer_data(struct smtp_session *session, const char *argument, size_t len)
{
	static struct transfer transfer; /* a cache: pages never touched cost nothing */
	const stralloc request = {.s = "data", .len = 4};
	const char *obstacle = find_obstacle(session, len);
	ssize_t r;

	(void)argument;
	if (obstacle) {
		smtp_session_complain(session, obstacle);
		return;
	}
	if (smtp_policies_ask(&session->policies, session->helo.s, &request) != 'K') {
		smtp_session_refuse(session, session->policies.reply.s, NULL, NULL);
		smtp_session_reset(session);
		return;
	}
	if (begin(session, &transfer) == -1) {
		smtp_session_reset(session);
		return;
	}
	smtp_channel_say(&session->channel, REPLY_GO_ON, NULL);
	r = take_data(&session->channel, &transfer);
	if (r == 1) {
		conclude(session, &transfer);
		release(&session->channel, &transfer);
	} else {
		smtp_session_lose(session, r);
		give_up_sink(&transfer);
	}
	smtp_session_reset(session);
}
