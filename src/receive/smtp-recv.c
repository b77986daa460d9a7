/* smtp-recv: receive mail by SMTP and pipe each message to a sink. */

#include <signal.h>
#include <string.h>
#include <unistd.h>

#include <errmsg.h>

#include "lib/home.h"
#include "lib/line.h"
#include "lib/log.h"
#include "lib/verdict.h"
#include "receive/smtp_reply.h"
#include "receive/smtp_session.h"
#include "receive/smtp_verbs.h"

#define USAGE "usage: smtp-recv [-a] [-p policy]... [-r policy]... sink [argument...]"

static struct smtp_session session;

/* Returns the index of the sink's name in argv. */
static int
take_options(int argc, char **argv)
{
	char *command;
	int i, is_late;

	for (i = 1; i < argc && argv[i][0] == '-'; i++) {
		if (!strcmp(argv[i], "--"))
			return i + 1;
		if (!strcmp(argv[i], "-a")) {
			session.clear_auth = 1;
			continue;
		}
		is_late = argv[i][1] == 'r';
		if (argv[i][1] != 'p' && !is_late)
			die(DEFER, USAGE);
		command = argv[i][2] ? argv[i] + 2 : argv[++i];
		if (!command)
			die(DEFER, USAGE);
		if (!smtp_policies_add(&session.policies, command, is_late))
			die(DEFER, "unable to use policy: too many, too long or empty");
	}
	return i;
}

/* Even a server that can't serve tells its client to come again. */
static void
decline(void)
{
	if (write(1, REPLY_NOT_IN_SERVICE, sizeof REPLY_NOT_IN_SERVICE - 1) == -1)
		carpsys("unable to write to the client");
}

static void
converse(void)
{
	const char *line;
	size_t len;
	int r;

	while (!session.ending) {
		r = smtp_channel_line(&session.channel, &line, &len);
		if (r == LINE_OK)
			smtp_verbs_run(&session, line, len);
		else if (r == SMTP_LINE_TLS)
			smtp_session_expel(&session, "TLS");
		else if (r == LINE_LONG)
			smtp_verbs_run_long(&session, line, len);
		else
			smtp_session_lose(&session, r);
		if (session.strikes > SMTP_STRIKES_MAX && !session.ending) {
			smtp_channel_say(&session.channel, REPLY_TOO_MANY_ERRORS, NULL);
			session.ending = "too many errors";
		}
	}
	if (strcmp(session.ending, SMTP_ENDING_QUIT))
		smtp_channel_linger(&session.channel);
	else
		smtp_channel_flush(&session.channel);
}

int
main(int argc, char **argv)
{
	unsigned timeout, whole;
	int i;

	errmsg_iam("smtp-recv");
	i = take_options(argc, argv);
	if (i >= argc)
		die(DEFER, USAGE);
	session.sink = (const char *const *)argv + i;
	home_enter();
	signal(SIGPIPE, SIG_IGN);
	if (smtp_session_configure(&session, &timeout, &whole) == -1) {
		decline();
		return DEFER;
	}

	log_event(NULL, "connect", "client", session.client, NULL);
	smtp_channel_open(&session.channel, 0, 1, timeout, whole);
	smtp_channel_say(&session.channel, "220 ", session.me.s, " ESMTP facteur", NULL);
	converse();
	smtp_transfer_abort(&session.transfer);
	smtp_session_close(&session);

	/* The client need not wait until the policies have ended. */
	close(0);
	close(1);
	smtp_policies_end(&session.policies);
	return ACCEPT;
}
