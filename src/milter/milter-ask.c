/* milter-ask: ask a milter, as a policy or as a sink. */

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <errmsg.h>

#include "lib/control.h"
#include "lib/home.h"
#include "lib/text.h"
#include "lib/verdict.h"
#include "milter/milter_connect.h"
#include "milter/milter_policy.h"
#include "milter/milter_sink.h"

#define USAGE "usage: milter-ask [-a] [-t seconds] address [sink [argument...]]"
#define SECONDS 30
#define SECONDS_MAX 600

static struct milter_session talk = {.channel = {.fd = -1, .seconds = SECONDS}};
static int is_optional;

static void
take_options(int argc, char **argv)
{
	unsigned long long seconds;
	int option;

	while ((option = getopt(argc, argv, "+at:")) != -1)
		if (option == 'a') {
			is_optional = 1;
		} else if (option == 't' &&
			   text_number(optarg, strlen(optarg), SECONDS_MAX, &seconds) &&
			   seconds > 0) {
			talk.channel.seconds = (unsigned)seconds;
		} else {
			die(DEFER, USAGE);
		}
}

int
main(int argc, char **argv)
{
	struct milter_address address;
	static stralloc me;

	errmsg_iam("milter-ask");
	take_options(argc, argv);
	argv += optind;
	if (argv[0] == NULL)
		die(DEFER, USAGE);
	if (!milter_connect_parse(&address, argv[0]))
		die(DEFER, argv[0], ": neither inet:HOST:PORT nor unix:PATH");
	home_enter();
	signal(SIGPIPE, SIG_IGN);
	control_need_me(&me);
	text_terminate(&me);
	if (setenv("MILTER_ME", me.s, 1) == -1)
		diesys(DEFER, "unable to remember our name");
	if (argv[1] != NULL)
		return milter_sink_run(
		    &talk, argv[0], is_optional, (const char *const *)argv + 1);
	milter_policy_serve(&talk, argv[0], is_optional);
	return ACCEPT;
}
