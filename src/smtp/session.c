#include <errno.h>
#include <string.h>
#include <strings.h>

#include <errmsg.h>

#include "lib/client.h"
#include "lib/deadline.h"
#include "lib/log.h"
#include "lib/text.h"
#include "lib/variable.h"
#include "smtp/reply.h"
#include "smtp/session.h"

#define CODE_LEN 3

/* What was refused without a line of its own. */
static void
tell_overshoot(struct session *session)
{
	struct session_transaction *t = &session->transaction;
	char count[DECIMAL_MAX];

	if (t->overshoot > 1)
		log_event(t->id, "overshot", "from", t->sender.s, "overshoot",
		    text_decimal(count, t->overshoot), "client", session->client,
		    (char *)NULL);
	t->overshoot = 0;
}

void
session_begin(struct session *session)
{
	session->login = -1;
	session->began = deadline_now();
}

void
session_reset(struct session *session)
{
	struct session_transaction *t = &session->transaction;

	transfer_abort(&session->transfer);
	policies_done(&session->policies, t->recipients, t->failed, t->is_accepted);
	session->policies.id = NULL;
	tell_overshoot(session);
	t->begun = t->is_utf8 = 0;
	t->chunks = SESSION_CHUNKS_NONE;
	t->id[0] = '\0';
	t->recipients = t->refused = t->failed = 0;
	t->is_accepted = 0;
	t->envelope.len = 0;
}

void
session_hear(struct session *session, const char *s, size_t len)
{
	static const char secret[] = "auth ";
	size_t i, words = 0;

	/* the mechanism is none, what follows it may be */
	if (len >= sizeof secret - 1 && strncasecmp(s, secret, sizeof secret - 1) == 0)
		for (i = 0; i < len; i++)
			if (s[i] == ' ' && ++words == 2)
				len = i;
	if (len && s[len - 1] == '\r')
		len--;
	if (len > SESSION_SAID_MAX)
		len = SESSION_SAID_MAX;
	memcpy(session->said, s, len);
	session->said[len] = '\0';
}

int
session_is_ours(void)
{
	const char *user = variable_own("AUTHUSER");

	return (user != NULL && *user) || client_is_authorised() == 1;
}

/* Log a refusal; name may be null. */
static void
tell_refusal(
    struct session *session, const char *reply, const char *name, const char *value)
{
	char code[CODE_LEN + 1] = "";

	strncat(code, reply, CODE_LEN);
	if (session->refusals < SESSION_REFUSALS_LOGGED)
		log_event(session->transaction.id, "refused", "code", code, "text",
		    reply + CODE_LEN + 1, "client", session->client, "helo",
		    session->helo.s, "user", variable_own("AUTHUSER"), name, value,
		    (char *)NULL);
}

void
session_complain(struct session *session, const char *reply)
{
	tell_refusal(session, reply, "said", session->said);
	session->refusals++;
	wire_say(&session->channel, reply, (char *)NULL);
	session->strikes += SESSION_STRIKES_SYNTAX;
}

/* Say so, and count what it costs the client. */
static void
deny(struct session *session, const char *reply)
{
	wire_say(&session->channel, reply, (char *)NULL);
	session->refusals++;
	if (*reply == '5' || ++session->deferrals > SESSION_DEFERRALS_MAX)
		session->strikes += SESSION_STRIKES_REFUSAL;
	if (strncmp(reply, "421", CODE_LEN) == 0)
		session->ending = "refused";
}

void
session_refuse(
    struct session *session, const char *reply, const char *name, const char *address)
{
	if (name == NULL) {
		name = "from";
		address = session->transaction.sender.s;
	}
	tell_refusal(session, reply, name, address);
	deny(session, reply);
}

void
session_overshoot(struct session *session, const char *reply)
{
	struct session_transaction *t = &session->transaction;

	if (t->overshoot++)
		deny(session, reply);
	else
		session_refuse(session, reply, "rcpt", t->recipient.s);
}

const char *
session_tls(const char *name, const char *other_name)
{
	const char *value = variable_own(name);

	if (value == NULL || !*value || strcmp(value, "unknown") == 0)
		value = variable_own(other_name);
	return value != NULL && *value ? value : NULL;
}

/*
 * Is the end of the session told already?  Who has sent mail and left has a line for each
 * message; of a look at our health there is nothing to tell.
 */
static int
is_told(const struct session *session)
{
	if (session->refusals > SESSION_REFUSALS_LOGGED)
		return 0;
	if (session->accepted > 0)
		return session->is_left;
	return session->is_silent && session->refusals == 0;
}

void
session_close(struct session *session)
{
	char accepted[DECIMAL_MAX], unlogged[DECIMAL_MAX], ms[DECIMAL_MAX];
	int is_cut = session->refusals > SESSION_REFUSALS_LOGGED;
	int has_quit = strcmp(session->ending, SESSION_ENDING_QUIT) == 0;

	tell_overshoot(session);
	if (is_told(session))
		return;
	log_event(NULL, "disconnect", "client", session->client, "accepted",
	    text_decimal(accepted, session->accepted), "reason", session->ending, "ms",
	    text_decimal(ms, deadline_now() - session->began), "helo",
	    session->helo.len ? session->helo.s : NULL, "user", variable_own("AUTHUSER"),
	    "tls", session_tls("TLS_VERSION", "SSL_PROTOCOL"),
	    has_quit || !*session->said ? NULL : "said", session->said,
	    is_cut ? "refusals" : NULL, text_decimal(unlogged, session->refusals),
	    (char *)NULL);
}

void
session_expel(struct session *session, const char *protocol)
{
	log_event(NULL, "foreign", "protocol", protocol, "client", session->client,
	    (char *)NULL);
	wire_say(&session->channel, REPLY_FOREIGN, (char *)NULL);
	session->ending = "not SMTP";
}

static void
tell_timeout(struct session *session)
{
	const char *reply = REPLY_TIMEOUT;

	session->ending = "timeout";
	if (wire_hurried(&session->channel)) {
		session->ending = "no mail in time";
		reply = REPLY_NO_MAIL;
	} else if (wire_expired(&session->channel)) {
		session->ending = "session too long";
		reply = REPLY_SESSION_TOO_LONG;
	}
	wire_say(&session->channel, reply, (char *)NULL);
}

void
session_lose(struct session *session, ssize_t r)
{
	if (session->transaction.begun)
		log_event(session->transaction.id, "aborted", "from",
		    session->transaction.sender.s, "client", session->client,
		    (char *)NULL);
	session->ending = r ? strerror(errno) : "gone";
	if (r && errno == ETIMEDOUT)
		tell_timeout(session);
	else
		session->is_left = 1;
}
