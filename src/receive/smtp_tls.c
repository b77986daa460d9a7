#include <errno.h>
#include <stdlib.h>

#include "lib/log.h"
#include "lib/starttls.h"
#include "receive/smtp_reply.h"
#include "receive/smtp_tls.h"

#define PROTOCOL "smtp" /* so that a web browser's connection is refused, in ALPN */

const char *
smtp_tls_capability(void)
{
	return starttls_offered() ? "\r\n250-STARTTLS" : "";
}

int
smtp_tls_wanted(void)
{
	return starttls_required();
}

/* "The server MUST discard any knowledge obtained from the client": RFC 3207, 4.2 */
static void
begin_anew(struct smtp_session *session)
{
	session->helo.len = 0;
	session->extended = 0;
	unsetenv("AUTHUSER");
	/* the policies' environment says nothing of TLS */
	smtp_policies_restart(&session->policies);
	smtp_channel_open(&session->channel, 0, 1, session->channel.timeout, 0);
}

static void
say_unavailable(struct smtp_session *session)
{
	smtp_channel_say(&session->channel, REPLY_TLS_UNAVAILABLE, NULL);
	session->strikes += SMTP_STRIKES_REFUSAL;
}

void
smtp_tls_start(struct smtp_session *session, const char *s, size_t len)
{
	unsigned seconds;
	const char *reason;
	int r;

	(void)s;
	if (len || starttls_active()) {
		smtp_session_complain(
		    session, len ? REPLY_NO_ARGUMENT : REPLY_TLS_ALREADY);
		return;
	}
	if (!starttls_offered()) {
		say_unavailable(session);
		return;
	}
	smtp_session_reset(session);
	if (smtp_channel_flush(&session->channel) == -1)
		return;
	seconds = smtp_channel_seconds(&session->channel);
	if (seconds > STARTTLS_SECONDS)
		seconds = STARTTLS_SECONDS;
	if (seconds == 0)
		return; /* as the next command will find */
	r = starttls_run(REPLY_TLS_GO_ON "\r\n", PROTOCOL, seconds, &reason);
	/* what it has sent behind this command was in the clear */
	if (r != STARTTLS_UNAVAILABLE)
		smtp_channel_discard(&session->channel);
	if (r == STARTTLS_DONE) {
		begin_anew(session);
		return;
	}
	log_event(NULL, "notls", "client", session->client, "reason", reason, NULL);
	/* After our 220 it takes what we say for TLS. */
	if (r == STARTTLS_FAILED)
		session->ending = "no TLS";
	else
		say_unavailable(session);
}
