/* pop3-login: speak POP3 until the client has authenticated. */

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <case.h>
#include <errmsg.h>
#include <stralloc.h>

#include "fetch/authenticate.h"
#include "fetch/clear_password.h"
#include "fetch/pop3_command.h"
#include "fetch/pop3_timeout.h"
#include "lib/deadline.h"
#include "lib/home.h"
#include "lib/keepalive.h"
#include "lib/linger.h"
#include "lib/log.h"
#include "lib/peek_line.h"
#include "lib/peer_limits.h"
#include "lib/starttls.h"
#include "lib/stranger.h"
#include "lib/text.h"
#include "lib/verdict.h"

#define USAGE "usage: pop3-login [-l limits] [-t]"
#define FAILURES_MAX 3   /* passwords that were wrong */
#define PROTOCOL "pop3"  /* for ALPN */
#define COMMANDS_MAX 100 /* nobody needs that many to log in */

static char *limits; /* options of peer-limit, or null */
static int begins_with_tls;
static char user[POP3_LINE_MAX]; /* that the next PASS is for; empty: none */
static unsigned seconds;
static unsigned failures;
static int over; /* QUIT, or somebody else has the connection */

static void
say(const char *reply)
{
	if (deadline_write_all(1, reply, strlen(reply), seconds) == -1)
		exit(DEFER);
}

static void
log_login(const char *event, const char *reason)
{
	log_event(NULL, event, "user", user, "client", getenv("TCPREMOTEIP"), "reason",
	    reason, (char *)NULL);
}

/* May a password be said now? */
static int
may_log_in(void)
{
	if (starttls_required())
		return 0;
	return starttls_active() || clear_password_may(getenv("TCPREMOTEIP"));
}

static void
do_user(const char *argument)
{
	if (!may_log_in()) {
		say(starttls_offered()
			? "-ERR say STLS first\r\n"
			: "-ERR [SYS/TEMP] passwords are taken over TLS only, which is "
			  "not available now\r\n");
		return;
	}
	if (argument == NULL || *argument == '\0') {
		say("-ERR USER wants a name\r\n");
		return;
	}
	strcpy(user, argument);
	say("+OK now the password\r\n");
}

static void
do_pass(const char *argument)
{
	const char *reason;
	int verdict;

	if (argument == NULL) {
		say("-ERR PASS wants a password\r\n");
		return;
	}
	if (*user == '\0') {
		say("-ERR USER comes first\r\n");
		return;
	}
	verdict = authenticate(user, argument, 0, &reason);
	if (verdict == ACCEPT) {
		log_login("login", NULL);
		over = 1;
	} else if (verdict == REJECT) {
		log_login("refused", "authentication failed");
		failures++;
		say("-ERR [AUTH] authentication failed\r\n");
	} else {
		log_login("deferred", reason);
		say("-ERR [SYS/TEMP] unable to check the password now\r\n");
	}
	*user = '\0';
}

static void
do_capa(const char *argument)
{
	(void)argument;
	say(pop3_command_capabilities(starttls_offered(), may_log_in()));
}

/* RFC 2595, 4 */
static void
do_stls(const char *argument)
{
	struct starttls how = {.protocol = PROTOCOL};
	const char *reason;
	int r;

	(void)argument;
	if (starttls_active()) {
		say("-ERR TLS has begun already\r\n");
		return;
	}
	if (!starttls_offered()) {
		say("-ERR [SYS/TEMP] TLS is not available now\r\n");
		return;
	}
	*user = '\0';
	how.seconds = seconds < STARTTLS_SECONDS ? seconds : STARTTLS_SECONDS;
	r = starttls_run("+OK begin TLS\r\n", &how, &reason);
	if (r == STARTTLS_DONE)
		return;
	log_login("notls", reason);
	say("-ERR [SYS/TEMP] TLS is not available now\r\n");
	/* It takes what we say for TLS, and may have begun to talk TLS itself. */
	over = r == STARTTLS_FAILED;
}

static void
do_quit(const char *argument)
{
	(void)argument;
	say("+OK good bye\r\n");
	over = 1;
}

static const struct verb {
	const char *name;
	void (*act)(const char *argument);
} verbs[] = {
    {"capa", do_capa},
    {"user", do_user},
    {"pass", do_pass},
    {"stls", do_stls},
    {"quit", do_quit},
    {NULL, NULL},
};

static void
obey(char *line, size_t len)
{
	struct pop3_command command;
	const struct verb *verb = verbs;

	if (!pop3_command_parse(&command, line, len)) {
		say("-ERR there are control characters in the command\r\n");
		return;
	}
	while (verb->name != NULL && !case_equals(verb->name, command.verb))
		verb++;
	if (verb->name != NULL)
		verb->act(command.argument);
	else
		say("-ERR unknown command, or not before you have logged in\r\n");
}

static void
say_last(const char *reply)
{
	say(reply);
	linger(0, 0);
}

/* With somebody who has not logged in at the time due, no longer.  Returns the exit code.
 */
static int
converse(int64_t due)
{
	int64_t step;
	char line[POP3_LINE_MAX + 1];
	unsigned commands;
	size_t len;
	int r;

	for (commands = 0; commands < COMMANDS_MAX; commands++) {
		step = deadline_now() + (int64_t)seconds * 1000;
		r = peek_line(0, line, POP3_LINE_MAX, &len, step < due ? step : due);
		if (r == LINE_LONG)
			say("-ERR the command is too long\r\n");
		else if (r == LINE_OK)
			obey(line, len);
		else
			return DEFER;
		explicit_bzero(line, sizeof(line));
		if (over)
			return ACCEPT;
		if (failures == FAILURES_MAX) {
			linger(0, 0);
			return DEFER;
		}
	}
	say_last("-ERR too many commands\r\n");
	return DEFER;
}

static void
take_arguments(int argc, char **argv)
{
	int option;

	while ((option = getopt(argc, argv, "+l:t")) != -1)
		switch (option) {
		case 'l':
			limits = optarg;
			break;
		case 't':
			begins_with_tls = 1;
			break;
		default:
			die(DEFER, USAGE);
		}
	if (optind != argc)
		die(DEFER, USAGE);
}

int
main(int argc, char **argv)
{
	const struct starttls how = {.protocol = PROTOCOL, .seconds = STARTTLS_SECONDS};
	unsigned patience;

	errmsg_iam("pop3-login");
	take_arguments(argc, argv);
	if (limits != NULL)
		peer_limits_stand_in(limits);
	signal(SIGPIPE, SIG_IGN);
	home_enter();
	if (!begins_with_tls)
		keepalive_begin(0);
	else if (starttls_first(&how) == -1)
		return DEFER;
	seconds = pop3_timeout();
	if (stranger_seconds(&patience) == -1)
		return DEFER;

	say("+OK POP3 server ready\r\n");
	return converse(deadline_now() + (int64_t)patience * 1000);
}
