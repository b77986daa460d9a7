#include <string.h>

#include "lib/log.h"
#include "lib/tls_ask.h"
#include "send/remote_greeting.h"
#include "send/remote_secure.h"
#include "send/remote_tls.h"

#define STATUS_OURS "4.3.0"
#define STATUS_LACKS "4.7.4" /* a feature of security is missing: RFC 3463, 3.8 */
#define STATUS_FAILED "4.7.5"
#define WORD_LACKS "starttls-not-supported" /* RFC 8460, 4.3.1 */
#define WORD_FAILED "handshake-failure"

/* Is there something to be judged that nothing asks for yet? */
static int
has_trial(const struct way_security *security)
{
	return security->sts == WAY_SECURITY_STS_TESTING && security->names.len > 0 &&
	       (security->level == WAY_SECURITY_MAY ||
		   security->level == WAY_SECURITY_ENCRYPT);
}

static int
is_trial(const struct remote_secure *how)
{
	return how->mode == REMOTE_SECURE_TRIAL && has_trial(how->security);
}

static int
may_be_clear(const struct remote_secure *how)
{
	return how->security->level <= WAY_SECURITY_MAY && !how->is_smtps;
}

/* The log says that what comes is in clear text, or with less of a judgement. */
static void
log_less(const struct remote_session *s, const char *event, const struct outcome *fault)
{
	log_event(s->id, event, "host", s->peer, "result",
	    s->tls.result[0] != '\0' ? s->tls.result : NULL, "text", fault->text.s,
	    (char *)NULL);
}

/* TLS has failed, and the session is over: is there something less that may be tried? */
static int
find_less(
    struct remote_session *s, struct remote_secure *how, const struct outcome *fault)
{
	if (is_trial(how)) {
		how->mode = REMOTE_SECURE_TLS;
		log_less(s, "unverified", fault);
		return REMOTE_SECURE_AGAIN;
	}
	if (!may_be_clear(how))
		return -1;
	how->mode = REMOTE_SECURE_CLEAR;
	log_less(s, "cleartext", fault);
	return REMOTE_SECURE_AGAIN;
}

/* There is no TLS on the session, which could go on as it is: 0 if it may, else -1. */
static int
go_without(struct remote_session *s, const struct remote_secure *how, const char *status,
    const char *word, const char *text, struct outcome *fault)
{
	remote_tls_fail(s, how->security, status, word, text, fault);
	if (may_be_clear(how)) {
		/* that a server has no TLS is no news */
		if (s->has_starttls)
			log_less(s, "cleartext", fault);
		return 0;
	}
	remote_session_quit(s);
	return -1;
}

/* STARTTLS was lost on the server: it hung up, or was silent. */
static int
lose(struct remote_session *s, struct remote_secure *how, struct outcome *fault)
{
	struct outcome lost = {0};

	if (outcome_reply(fault) == NULL) {
		outcome_copy(&lost, fault);
		remote_tls_fail(
		    s, how->security, STATUS_FAILED, WORD_FAILED, lost.text.s, fault);
		outcome_free(&lost);
	}
	return find_less(s, how, fault);
}

/* By STARTTLS, after EHLO has been answered.  As remote_secure_begin. */
static int
start(struct remote_session *s, struct remote_secure *how, struct outcome *fault)
{
	struct remote_reply reply;

	if (!s->has_starttls)
		return go_without(s, how, STATUS_LACKS, WORD_LACKS,
		    "the server does not offer STARTTLS", fault);
	/* first, so that tls-wrap gets ready while the server hears of it */
	if (remote_tls_ready(s, how->security) == -1)
		return go_without(s, how, STATUS_OURS, "",
		    "unable to connect to " TLS_ASK_SOCKET, fault);
	remote_session_say(s, "STARTTLS", (char *)NULL);
	if (remote_session_hear(s, "STARTTLS", REMOTE_COMMAND_SECONDS, &reply, fault) ==
	    -1)
		return lose(s, how, fault);
	if (reply.code != 220)
		return go_without(s, how, STATUS_LACKS, WORD_LACKS, reply.text, fault);
	if (remote_tls_begin(s, how->security, is_trial(how), fault) == -1)
		return find_less(s, how, fault);
	return remote_greeting_again(s, how->helo, fault);
}

/* TLS from the first byte.  As remote_secure_begin. */
static int
start_first(struct remote_session *s, struct remote_secure *how, struct outcome *fault)
{
	if (remote_tls_ready(s, how->security) == -1) {
		remote_tls_fail(s, how->security, STATUS_OURS, "",
		    "unable to connect to " TLS_ASK_SOCKET, fault);
		remote_session_close(s);
		return -1;
	}
	if (remote_tls_begin(s, how->security, is_trial(how), fault) == -1)
		return find_less(s, how, fault);
	return remote_greeting(s, how->helo, fault);
}

int
remote_secure_begin(
    struct remote_session *s, struct remote_secure *how, struct outcome *fault)
{
	tls_use_end(&s->tls);
	if (how->is_smtps)
		return start_first(s, how, fault);
	if (remote_greeting(s, how->helo, fault) == -1)
		return -1;
	if (how->security == NULL || how->security->level == WAY_SECURITY_NONE ||
	    how->mode == REMOTE_SECURE_CLEAR)
		return 0;
	if (how->mode == REMOTE_SECURE_TRIAL)
		s->tls.result[0] = '\0';
	return start(s, how, fault);
}
