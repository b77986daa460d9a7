#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>

#include <errmsg.h>

#include "lib/address.h"
#include "lib/control.h"
#include "lib/log.h"
#include "lib/starttls.h"
#include "lib/text.h"
#include "receive/smtp_reply.h"
#include "receive/smtp_session.h"

#define DEFAULT_TIMEOUT 300 /* seconds: RFC 5321, 4.5.3.2.7 */
#define TIMEOUT_MAX 86400
#define SESSION_MAX 604800
#define DEFAULT_RESERVE 16777216
#define DEFAULT_SESSION 7200 /* seconds */
#define DEFAULT_HEADER 1048576
#define CODE_LEN 3

/* What was refused without a line of its own. */
static void
tell_overshoot(struct smtp_session *session)
{
	struct smtp_transaction *t = &session->transaction;
	char count[DECIMAL_MAX];

	if (t->overshoot > 1)
		log_event(t->id, "overshot", "from", t->sender.s, "overshoot",
		    text_decimal(count, t->overshoot), "client", session->client, NULL);
	t->overshoot = 0;
}

void
smtp_session_reset(struct smtp_session *session)
{
	struct smtp_transaction *t = &session->transaction;

	smtp_transfer_abort(&session->transfer);
	smtp_policies_done(&session->policies, t->recipients, t->failed, t->is_accepted);
	session->policies.id = NULL;
	tell_overshoot(session);
	t->begun = t->is_utf8 = 0;
	t->chunks = SMTP_CHUNKS_NONE;
	t->id[0] = '\0';
	t->recipients = t->refused = t->failed = 0;
	t->is_accepted = 0;
	t->envelope.len = 0;
}

void
smtp_session_complain(struct smtp_session *session, const char *reply)
{
	smtp_channel_say(&session->channel, reply, NULL);
	session->strikes += SMTP_STRIKES_SYNTAX;
}

/* Say so, and count what it costs the client. */
static void
deny(struct smtp_session *session, const char *reply)
{
	smtp_channel_say(&session->channel, reply, NULL);
	session->refusals++;
	if (*reply == '5' || ++session->deferrals > SMTP_DEFERRALS_MAX)
		session->strikes += SMTP_STRIKES_REFUSAL;
	if (!strncmp(reply, "421", CODE_LEN))
		session->ending = "refused";
}

void
smtp_session_refuse(struct smtp_session *session, const char *reply, const char *name,
    const char *address)
{
	char code[CODE_LEN + 1] = "";

	strncat(code, reply, CODE_LEN);
	if (session->refusals < SMTP_REFUSALS_LOGGED)
		log_event(session->transaction.id, "refused", "code", code, "text",
		    reply + CODE_LEN + 1, "client", session->client, "helo",
		    session->helo.s, name ? name : "from",
		    name ? address : session->transaction.sender.s, NULL);
	deny(session, reply);
}

void
smtp_session_overshoot(struct smtp_session *session, const char *reply)
{
	struct smtp_transaction *t = &session->transaction;

	if (t->overshoot++)
		deny(session, reply);
	else
		smtp_session_refuse(session, reply, "rcpt", t->recipient.s);
}

void
smtp_session_close(struct smtp_session *session)
{
	char accepted[DECIMAL_MAX], unlogged[DECIMAL_MAX];
	int is_cut = session->refusals > SMTP_REFUSALS_LOGGED;

	tell_overshoot(session);
	log_event(NULL, "disconnect", "client", session->client, "accepted",
	    text_decimal(accepted, session->accepted), "reason", session->ending,
	    is_cut ? "refusals" : NULL, text_decimal(unlogged, session->refusals), NULL);
}

void
smtp_session_expel(struct smtp_session *session, const char *protocol)
{
	log_event(NULL, "foreign", "protocol", protocol, "client", session->client, NULL);
	smtp_channel_say(&session->channel, REPLY_FOREIGN, NULL);
	session->ending = "not SMTP";
}

void
smtp_session_lose(struct smtp_session *session, ssize_t r)
{
	if (session->transaction.begun)
		log_event(session->transaction.id, "aborted", "from",
		    session->transaction.sender.s, "client", session->client, NULL);
	session->ending = r ? strerror(errno) : "gone";
	if (r && errno == ETIMEDOUT) {
		session->ending = smtp_channel_expired(&session->channel)
				      ? "session too long"
				      : "timeout";
		smtp_channel_say(&session->channel,
		    smtp_channel_expired(&session->channel) ? REPLY_SESSION_TOO_LONG
							    : REPLY_TIMEOUT,
		    NULL);
	}
}

/* Returns 0, or -1 after having logged why. */
static int
read_number(const char *name, unsigned long long *value, unsigned long long fallback)
{
	if (control_number(name, value, fallback) != -1)
		return 0;
	if (errno == EINVAL)
		carp("control/", name, ": not a number");
	else
		carpsys("unable to read control/", name);
	return -1;
}

static int
read_databytes(unsigned long long *value)
{
	const char *given = getenv("DATABYTES");

	if (!given)
		return read_number("databytes", value, 0);
	if (text_number(given, strlen(given), -1ULL, value))
		return 0;
	carp("DATABYTES: not a number: ", given);
	return -1;
}

/* control/name, between 1 and max.  Returns 0, or -1 after having logged why. */
static int
read_seconds(const char *name, unsigned *value, unsigned fallback, unsigned max)
{
	unsigned long long seconds;
	char limit[DECIMAL_MAX];

	if (read_number(name, &seconds, fallback) == -1)
		return -1;
	if (!seconds || seconds > max) {
		carp("control/", name, ": not between 1 and ", text_decimal(limit, max));
		return -1;
	}
	*value = seconds;
	return 0;
}

int
smtp_session_configure(struct smtp_session *session, unsigned *timeout, unsigned *whole)
{

	if (control_line("me", &session->me, NULL) == -1) {
		carpsys("unable to read control/me");
		return -1;
	}
	if (!address_is_host(session->me.s, session->me.len)) {
		carp("control/me is missing or holds no host name");
		return -1;
	}
	if (read_seconds("timeoutsmtpd", timeout, DEFAULT_TIMEOUT, TIMEOUT_MAX) == -1 ||
	    read_seconds("timeoutsession", whole, DEFAULT_SESSION, SESSION_MAX) == -1 ||
	    read_number("hideclient", &session->hides_client, 0) == -1 ||
	    read_number("headermax", &session->headermax, DEFAULT_HEADER) == -1 ||
	    read_number("queuereserve", &session->queuereserve, DEFAULT_RESERVE) == -1 ||
	    read_databytes(&session->databytes) == -1)
		return -1;
	session->client = getenv("TCPREMOTEIP");
	if (!session->client)
		session->client = "unknown";
	return 0;
}

int
smtp_session_is_encrypted(void)
{
	return starttls_active();
}

int
smtp_session_room(const struct smtp_session *session, unsigned long long size)
{
	struct statvfs fs;
	unsigned long long space;

	if (statvfs("queue", &fs) == -1) {
		/* Without a queue here the sink keeps its messages elsewhere. */
		if (errno == ENOENT)
			return 1;
		carpsys("unable to look at queue");
		return -1;
	}
	space = (unsigned long long)fs.f_bavail * fs.f_frsize;
	return space >= session->queuereserve && space - session->queuereserve >= size;
}
