/* local-deliver: deliver the messages that come on a socket to our mailboxes. */

#include <errno.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <errmsg.h>
#include <stralloc.h>

#include "deliver/outcome.h"
#include "deliver/owner.h"
#include "deliver/recipient.h"
#include "lib/control.h"
#include "lib/deadline.h"
#include "lib/home.h"
#include "lib/job.h"
#include "lib/verdict.h"

#define TIMEOUT                                                                          \
	60 /* seconds for the client to go on with a job, or to take the answer          \
	    */

static const char *const queue[] = {"queue-inject", NULL};
static struct post post;
static struct job job;

/* Work the recipients off, and answer for all of them at once. */
static void
deliver(void)
{
	static struct outcome outcome;
	static stralloc answer;
	size_t i;

	answer.len = 0;
	for (i = 0; i < job.envelope.count; i++) {
		recipient_deliver(&post, &job, i, &outcome);
		job_answer(&answer, outcome.letter, outcome.status, outcome.text.s);
	}
	job_done(&job);
	if (deadline_write_all(1, answer.s, answer.len, TIMEOUT) == -1)
		diesys(DEFER, "unable to answer");
}

int
main(int argc, char **argv)
{
	int r;

	errmsg_iam("local-deliver");
	if (argc > 1 && argv[1][0] == '-')
		die(DEFER, "usage: local-deliver [sink [arg ...]]");
	post.sink = argc > 1 ? (const char *const *)argv + 1 : queue;
	home_enter();
	control_need_me(&post.me);
	umask(022);
	/* a limit on file sizes or a sink gone is an error of one delivery, not our end
	 */
	signal(SIGXFSZ, SIG_IGN);
	signal(SIGPIPE, SIG_IGN);
	owner_begin();

	while ((r = job_read(&job, 0, 0, TIMEOUT)) == 1)
		deliver();
	if (r == -1)
		diesys(DEFER, "unable to read a job");
	return ACCEPT;
}
