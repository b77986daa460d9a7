/* smtp-recv: receive mail by SMTP and pipe each message to a sink. */

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <errmsg.h>

#include "lib/home.h"
#include "lib/line.h"
#include "lib/peer_limits.h"
#include "lib/verdict.h"
#include "smtp/configure.h"
#include "smtp/reply.h"
#include "smtp/session.h"
#include "smtp/tls.h"
#include "smtp/verbs.h"

#define USAGE                                                                            \
	"usage: smtp-recv [-l limits] [-u] [-a] [-t] [-f filter] [-p policy]... "        \
	"[-r policy]... sink [argument...]"

static struct session session;
static int begins_with_tls;
static char *limits;       /* options of peer-limit, or null */
static const char *filter; /* of the messages of our own clients, or null */

/* Returns the index of the sink's name in argv. */
static int
take_options(int argc, char **argv)
{
	int opt;

	while ((opt = getopt(argc, argv, "+l:uatf:p:r:")) != -1)
		switch (opt) {
		case 'a':
			session.clear_auth = 1;
			/* fall through */
		case 'u':
			session.takes_auth = 1;
			break;
		case 't':
			begins_with_tls = 1;
			break;
		case 'l':
			limits = optarg;
			break;
		case 'f':
			filter = optarg;
			break;
		case 'p':
		case 'r':
			if (!policies_add(&session.policies, optarg, opt == 'r'))
				die(DEFER,
				    "unable to use policy: too many, too long or empty");
			break;
		default:
			die(DEFER, USAGE);
		}
	return optind;
}

/* The sink, and the filter with the sink behind it. */
static void
choose_sinks(int argc, char **argv, int at)
{
	const char **words;
	char *copy, *word, *rest;
	size_t n = 0;

	session.sink = session.own_sink = (const char *const *)argv + at;
	if (filter == NULL)
		return;
	copy = strdup(filter);
	words = malloc((strlen(filter) / 2 + 2 + (size_t)(argc - at)) * sizeof *words);
	if (words == NULL || copy == NULL)
		diesys(DEFER, "unable to keep the filter");
	for (word = strtok_r(copy, " ", &rest); word != NULL;
	     word = strtok_r(NULL, " ", &rest))
		words[n++] = word;
	if (n == 0)
		die(DEFER, USAGE);
	while (at <= argc)
		words[n++] = argv[at++]; /* the null pointer, too */
	session.own_sink = words;
}

/* Even a server that can't serve tells its client to come again. */
static void
decline(void)
{
	if (write(1, REPLY_NOT_IN_SERVICE, sizeof REPLY_NOT_IN_SERVICE - 1) == -1)
		carpsys("unable to write to the client");
}

/* The client is silent. */
static void
rest(void *whose)
{
	struct session *resting = whose;

	transfer_rest(&resting->transfer, &resting->channel);
}

static void
converse(void)
{
	const char *line;
	size_t len;
	int r;

	while (session.ending == NULL) {
		r = wire_line(&session.channel, &line, &len);
		if (r == LINE_OK)
			verbs_run(&session, line, len);
		else if (r == WIRE_LINE_TLS)
			session_expel(&session, "TLS");
		else if (r == LINE_LONG)
			verbs_run_long(&session, line, len);
		else
			session_lose(&session, r);
		if (session.strikes > SESSION_STRIKES_MAX && session.ending == NULL) {
			wire_say(&session.channel, REPLY_TOO_MANY_ERRORS, (char *)NULL);
			session.ending = "too many errors";
		}
	}
	if (strcmp(session.ending, SESSION_ENDING_QUIT) != 0)
		wire_linger(&session.channel);
	else
		wire_flush(&session.channel);
}

int
main(int argc, char **argv)
{
	struct configure_times times;
	int i;

	errmsg_iam("smtp-recv");
	session_begin(&session);
	i = take_options(argc, argv);
	if (i >= argc)
		die(DEFER, USAGE);
	choose_sinks(argc, argv, i);
	if (limits != NULL)
		peer_limits_stand_in(limits);
	home_enter();
	signal(SIGPIPE, SIG_IGN);
	if (begins_with_tls && tls_first() == -1)
		return DEFER;
	if (configure_read(&session, &times) == -1) {
		decline();
		return DEFER;
	}

	wire_open(&session.channel, 0, 1, times.step, times.whole);
	wire_hurry(&session.channel, times.stranger);
	session.channel.rest = rest;
	session.channel.whose = &session;
	wire_say(&session.channel, "220 ", session.me.s, " ESMTP facteur", (char *)NULL);
	converse();
	transfer_abort(&session.transfer);
	session_close(&session);

	/* The client need not wait until the policies have ended. */
	close(0);
	close(1);
	policies_end(&session.policies);
	return ACCEPT;
}
