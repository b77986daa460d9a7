#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <errmsg.h>

#include "lib/address.h"
#include "lib/control.h"
#include "lib/deadline.h"
#include "lib/envelope.h"
#include "lib/log.h"
#include "lib/received.h"
#include "lib/sink.h"
#include "lib/text.h"
#include "lib/utf8.h"
#include "lib/verdict.h"
#include "qmtp/qmtp_message.h"

#define SINK_SECONDS 300
#define STEP_SECONDS 300
#define STEP_MAX 86400
#define WHOLE_SECONDS 7200
#define WHOLE_MAX 604800

static unsigned
read_seconds(const char *name, unsigned fallback, unsigned max)
{
	unsigned long long n = control_need_number(name, fallback);

	if (n == 0 || n > max)
		die(DEFER, "control/", name,
		    ": not a number of seconds that makes sense");
	return (unsigned)n;
}

/* Who the client is, where SMTP has what it says of itself: its name, or its address. */
static void
name_client(stralloc *sa)
{
	const char *host = getenv("TCPREMOTEHOST"), *ip = getenv("TCPREMOTEIP");

	if (host != NULL && address_is_domain(host, strlen(host)))
		text_set(sa, host);
	else if (ip != NULL)
		text_cat(
		    sa, strchr(ip, ':') != NULL ? "[IPv6:" : "[", ip, "]", (char *)NULL);
	else
		text_set(sa, "unknown");
	text_terminate(sa);
}

void
qmtp_message_configure(struct qmtp_message_settings *settings)
{
	const char *given = getenv("DATABYTES");

	control_need_me(&settings->me);
	text_terminate(&settings->me);
	settings->databytes = control_need_number("databytes", 0);
	if (given != NULL &&
	    !text_number(given, strlen(given), -1ULL, &settings->databytes))
		die(DEFER, "DATABYTES: not a number");
	settings->seconds = read_seconds("timeoutsmtpd", STEP_SECONDS, STEP_MAX);
	settings->seconds_whole =
	    read_seconds("timeoutsession", WHOLE_SECONDS, WHOLE_MAX);
	name_client(&settings->client);
}

/* A piece of the message; when it is too large the rest is not kept. */
static void
keep(struct qmtp_message *m, const char *s, size_t len, unsigned long long max)
{
	char out[16384 + 1];
	size_t n, piece;

	for (; len > 0; len -= piece, s += piece) {
		piece = len < sizeof(out) - 1 ? len : sizeof(out) - 1;
		n = qmtp_text_decode(&m->text, out, s, piece);
		if (m->spool.length == 0 && n > 0 && (*out == ' ' || *out == '\t')) {
			/* it would go on with our field above it */
			m->is_headless = 1;
			spool_put(&m->spool, "\n", 1);
		}
		if (!m->is_headless)
			header_watch_look(&m->header, out, n);
		if (!m->spool.error && (max == 0 || m->text.octets <= max))
			spool_put(&m->spool, out, n);
	}
}

int
qmtp_message_take(struct qmtp_message *m, struct qmtp_input *in, char encoding,
    unsigned long long size, const struct qmtp_message_settings *settings)
{
	const char *s;
	ssize_t r;

	memset(&m->text, 0, sizeof(m->text));
	memset(&m->header, 0, sizeof(m->header));
	m->text.encoding = encoding;
	m->is_headless = 0;
	m->began = deadline_now();
	if (queueid_make(m->id) == -1 || spool_begin(&m->spool) == -1) {
		m->spool.error = errno;
		m->spool.fd = -1;
	}
	for (; size > 0; size -= (unsigned long long)r) {
		r = qmtp_input_some(
		    in, size < SPOOL_BLOCK ? (size_t)size : SPOOL_BLOCK, &s);
		if (r <= 0)
			return (int)r;
		keep(m, s, (size_t)r, settings->databytes);
	}
	qmtp_text_end(&m->text);
	return 1;
}

const char *
qmtp_message_fault(struct qmtp_message *m, const struct qmtp_message_settings *settings)
{
	if (settings->databytes > 0 && m->text.octets > settings->databytes)
		return "D552 5.3.4 message too large";
	if (m->header.hops > HEADER_WATCH_HOPS_MAX)
		return "D554 5.4.6 too many Received fields, this message is looping";
	if (m->text.faults & QMTP_TEXT_NULL)
		return "D550 5.6.0 message with a null byte";
	if (m->text.faults)
		return m->text.faults & QMTP_TEXT_BARE_CR
			   ? "D550 5.6.0 message with a bare CR"
			   : "D550 5.6.0 message with a bare LF in lines that end in CR "
			     "LF";
	if (m->spool.fd == -1 || spool_end(&m->spool) == -1) {
		errno = m->spool.error;
		carpsys("unable to keep the message");
		return "Z451 4.3.0 unable to keep the message";
	}
	return NULL;
}

int
qmtp_message_is_sender(const char *s, size_t len)
{
	return len == 0 || qmtp_message_is_recipient(s, len);
}

int
qmtp_message_is_recipient(const char *s, size_t len)
{
	size_t domain = address_domain(s, len);

	return len <= ENVELOPE_ADDRESS_MAX && domain > 1 &&
	       (address_is_local(s, domain - 1) || address_is_dotted(s, domain - 1)) &&
	       address_is_domain(s + domain, len - domain);
}

static void
put_envelope(stralloc *sa, const char *sender, const char *const *recipients, size_t n)
{
	const char *user = getenv("AUTHUSER"), *client = getenv("TCPREMOTEIP");
	int is_ascii = utf8_is_ascii(sender, strlen(sender));
	size_t i;

	for (i = 0; i < n; i++)
		is_ascii &= utf8_is_ascii(recipients[i], strlen(recipients[i]));
	envelope_begin(sa, sender);
	if (!is_ascii)
		envelope_put_parameter(sa, "SMTPUTF8", "1");
	if (user != NULL && *user != '\0')
		envelope_put_parameter(sa, "AUTHUSER", user);
	else if (*sender == '\0' && client != NULL)
		envelope_put_parameter(sa, "CLIENT", client);
	for (i = 0; i < n; i++)
		envelope_put_recipient(sa, recipients[i]);
	envelope_end(sa);
}

static void
put_received(stralloc *sa, const struct qmtp_message *m,
    const struct qmtp_message_settings *settings, const char *recipient)
{
	received_put(sa, &(struct received){.helo = settings->client.s,
			     .host = getenv("TCPREMOTEHOST"),
			     .ip = getenv("TCPREMOTEIP"),
			     .me = settings->me.s,
			     .protocol = settings->protocol,
			     .tls = getenv("TLS_VERSION"),
			     .cipher = getenv("TLS_CIPHER"),
			     .id = m->id,
			     .recipient = recipient,
			     .time = time(NULL)});
}

/*
 * Write header and message to the sink, but for the last piece, which goes with the
 * envelope and is kept in block for that.  Returns 0; or -1, and it has been aborted.
 */
static int
write_message(struct sink *sink, const struct qmtp_message *m, const stralloc *header,
    char block[SPOOL_BLOCK])
{
	size_t used = header->len < SPOOL_BLOCK ? header->len : 0;
	off_t at = 0;
	ssize_t r = 0;

	if (used > 0)
		memcpy(block, header->s, used);
	else
		r = sink_write(sink, header->s, header->len, SINK_SECONDS);
	while (r != -1 && at < m->spool.length) {
		if (used == SPOOL_BLOCK) {
			r = sink_write(sink, block, used, SINK_SECONDS);
			used = 0;
			continue;
		}
		r = spool_read(&m->spool, block + used, SPOOL_BLOCK - used, at);
		if (r == 0) {
			errno = EIO;
			r = -1;
		}
		if (r > 0) {
			used += (size_t)r;
			at += r;
		}
	}
	sink_last(sink, block, used);
	/* one that does not want the rest tells why at the end */
	if (r != -1 || errno == EPIPE)
		return 0;
	carpsys("unable to hand the message to the sink");
	sink_abort(sink);
	return -1;
}

static void
log_acceptance(const struct qmtp_message *m, const char *sender,
    const char *const *recipients, size_t n)
{
	const char *ip = getenv("TCPREMOTEIP");
	char bytes[DECIMAL_MAX], count[DECIMAL_MAX], ms[DECIMAL_MAX];

	log_event(m->id, "accepted", "from", sender, "rcpts", text_decimal(count, n),
	    "bytes", text_decimal(bytes, m->text.octets), "ms",
	    text_decimal(ms, (unsigned long long)(deadline_now() - m->began)), "client",
	    ip != NULL ? ip : "unknown", "user", getenv("AUTHUSER"), "tls",
	    getenv("TLS_VERSION"), "rcpt", recipients[0], "msgid",
	    *m->header.id ? m->header.id : NULL, (char *)NULL);
}

int
qmtp_message_hand_over(struct qmtp_message *m,
    const struct qmtp_message_settings *settings, const stralloc *fields,
    const char *sender, const char *const *recipients, size_t n, stralloc *report)
{
	stralloc header = {0}, envelope = {0};
	char block[SPOOL_BLOCK];
	struct sink sink;
	int verdict = DEFER;

	report->len = 0;
	text_catb(&header, fields->s, fields->len);
	put_received(&header, m, settings, n == 1 ? recipients[0] : NULL);
	put_envelope(&envelope, sender, recipients, n);
	if (setenv("QUEUEID", m->id, 1) == -1 || sink_start(&sink, settings->sink) == -1)
		carpsys("unable to start ", settings->sink[0]);
	else if (write_message(&sink, m, &header, block) == 0)
		verdict =
		    sink_finish(&sink, envelope.s, envelope.len, report, SINK_SECONDS);
	stralloc_free(&header);
	stralloc_free(&envelope);
	if (verdict != ACCEPT && report->len == 0)
		text_set(report, verdict == REJECT ? "554 5.7.1 message refused"
						   : "451 4.3.0 message not taken now");
	text_terminate(report);
	if (verdict == ACCEPT)
		log_acceptance(m, sender, recipients, n);
	else
		qmtp_message_log_refusal(m, sender, NULL, report->s);
	return verdict;
}

void
qmtp_message_log_refusal(const struct qmtp_message *m, const char *sender,
    const char *recipient, const char *text)
{
	const char *ip = getenv("TCPREMOTEIP");

	log_event(m->id, "refused", "from", sender, "rcpt", recipient, "client",
	    ip != NULL ? ip : "unknown", "reply", text, (char *)NULL);
}

void
qmtp_message_end(struct qmtp_message *m)
{
	spool_close(&m->spool);
}
