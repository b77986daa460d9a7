#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "lib/keepalive.h"
#include "lib/log.h"
#include "lib/starttls.h"
#include "smtp/reply.h"
#include "smtp/tls.h"

#define PROTOCOL "smtp" /* so that a web browser's connection is refused, in ALPN */

/* "The server MUST discard any knowledge obtained from the client": RFC 3207, 4.2 */
static void
begin_anew(struct session *session)
{
	session->helo.len = 0;
	session->extended = 0;
	unsetenv("AUTHUSER");
	unsetenv("AUTHMECH");
	if (session->login != -1)
		close(session->login);
	session->login = -1;
	/* the policies' environment says nothing of TLS */
	policies_restart(&session->policies);
	wire_open(&session->channel, 0, 1, session->channel.timeout, 0);
}

static void
say_unavailable(struct session *session)
{
	wire_say(&session->channel, REPLY_TLS_UNAVAILABLE, (char *)NULL);
	session->strikes += SESSION_STRIKES_REFUSAL;
}

void
tls_start(struct session *session, const char *s, size_t len)
{
	struct starttls how = {.protocol = PROTOCOL};
	const char *reason;
	int r;

	(void)s;
	(void)len;
	if (starttls_active()) {
		session_complain(session, REPLY_TLS_ALREADY);
		return;
	}
	if (!starttls_offered()) {
		say_unavailable(session);
		return;
	}
	session_reset(session);
	if (wire_flush(&session->channel) == -1)
		return;
	how.seconds = wire_seconds(&session->channel);
	if (how.seconds > STARTTLS_SECONDS)
		how.seconds = STARTTLS_SECONDS;
	if (how.seconds == 0)
		return; /* as the next command will find */
	/* the connection is another's to watch from here on */
	keepalive_begin(session->channel.in);
	/* between servers a ticket saves little, and tells who comes again */
	how.no_tickets = !session->takes_auth;
	r = starttls_run(REPLY_TLS_GO_ON "\r\n", &how, &reason);
	/* what it has sent behind this command was in the clear */
	if (r != STARTTLS_UNAVAILABLE)
		wire_discard(&session->channel);
	if (r == STARTTLS_DONE) {
		begin_anew(session);
		return;
	}
	log_event(
	    NULL, "notls", "client", session->client, "reason", reason, (char *)NULL);
	/* After our 220 it takes what we say for TLS. */
	if (r == STARTTLS_FAILED)
		session->ending = "no TLS";
	else
		say_unavailable(session);
}

int
tls_first(void)
{
	const struct starttls how = {.protocol = PROTOCOL, .seconds = STARTTLS_SECONDS};

	return starttls_first(&how);
}
