/* local-deliver: deliver the messages that come on a socket to our mailboxes. */

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <errmsg.h>
#include <stralloc.h>

#include "deliver/answer.h"
#include "deliver/owner.h"
#include "deliver/recipient.h"
#include "lib/control.h"
#include "lib/deadline.h"
#include "lib/home.h"
#include "lib/job.h"
#include "lib/log_hold.h"
#include "lib/verdict.h"

#define TIMEOUT 60 /* seconds for the client to send a job's rest or take an answer */

static const char *const queue[] = {"queue-inject", NULL};
static struct post post = {.users.fd = -1};
static struct job job;

/* Work the recipients off, and answer for all of them at once. */
static void
deliver(void)
{
	static stralloc reply;
	struct answer *answers;
	size_t i;

	answers = calloc(job.envelope.count, sizeof(*answers));
	if (answers == NULL)
		die(DEFER, "out of memory");
	recipients_deliver(&post, &job, answers);
	reply.len = 0;
	for (i = 0; i < job.envelope.count; i++) {
		job_answer(
		    &reply, answers[i].letter, answers[i].status, answers[i].text.s);
		stralloc_free(&answers[i].text);
	}
	free(answers);
	job_done(&job);
	log_release(); /* before queue-run can log what it hears of it */
	if (deadline_write_all(1, reply.s, reply.len, TIMEOUT) == -1)
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
	log_hold();

	while ((r = job_read(&job, 0, 0, TIMEOUT)) == 1)
		deliver();
	if (r == -1)
		diesys(DEFER, "unable to read a job");
	return ACCEPT;
}
