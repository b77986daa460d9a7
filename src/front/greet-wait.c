/* greet-wait: refuse clients that talk before they are greeted. */

#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include <errmsg.h>
#include <stralloc.h>

#include "front/chain.h"
#include "lib/client.h"
#include "lib/deadline.h"
#include "lib/farewell.h"
#include "lib/linger.h"
#include "lib/log.h"
#include "lib/text.h"
#include "lib/verdict.h"

#define USAGE "greet-wait [-s seconds] program [argument...]"
#define DEFAULT_SECONDS 6
#define SECONDS_MAX 240 /* clients give up after 300: RFC 5321, 4.5.3.2.1 */
#define WORDS_MAX 100   /* bytes of what it said that are logged */

#define REPLY_EARLY "554 5.5.1 you talk before you are greeted\r\n"

static unsigned seconds = DEFAULT_SECONDS;

/* Returns the index of the next program in argv. */
static int
take_options(int argc, char **argv)
{
	int option;

	while ((option = getopt(argc, argv, "+s:")) != -1)
		if (option == 's')
			seconds =
			    chain_number(FAREWELL_TROUBLE, USAGE, optarg, SECONDS_MAX);
		else
			chain_misuse(FAREWELL_TROUBLE, USAGE);
	if (optind >= argc)
		chain_misuse(FAREWELL_TROUBLE, USAGE);
	return optind;
}

/* Returns 1 when the client has talked or gone, 0 when it has waited. */
static int
talks_early(void)
{
	if (deadline_wait(0, POLLIN, deadline_now() + seconds * INT64_C(1000)) == 0)
		return 1;
	if (errno != ETIMEDOUT)
		farewell_fail(FAREWELL_TROUBLE, "wait for", "the client");
	return 0;
}

static void
refuse(void)
{
	stralloc said = {0};
	char buf[WORDS_MAX];
	ssize_t r;

	r = read(0, buf, sizeof buf);
	if (r <= 0) {
		log_event(NULL, "disconnect", "client", getenv("TCPREMOTEIP"), "reason",
		    "gone before the greeting", (char *)NULL);
		farewell_end(NULL, ACCEPT);
	}
	text_cat_printable(&said, buf, (size_t)r, sizeof buf);
	text_terminate(&said);
	log_event(NULL, "refused", "code", "554", "reason", "talks before the greeting",
	    "client", getenv("TCPREMOTEIP"), "said", said.s, (char *)NULL);
	if (deadline_write_all(1, REPLY_EARLY, sizeof REPLY_EARLY - 1, 1) == 0)
		linger(0, 1);
	farewell_end(NULL, REJECT);
}

int
main(int argc, char **argv)
{
	int next;

	errmsg_iam("greet-wait");
	next = take_options(argc, argv);
	if (chain_ask_home(client_is_authorised) != 1 && talks_early())
		refuse();
	chain_exec(FAREWELL_TROUBLE, argv + next);
}
