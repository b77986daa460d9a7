#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/deadline.h"
#include "lib/sink.h"
#include "lib/spawn_child.h"
#include "lib/text.h"
#include "lib/verdict.h"
#include "onward/answer.h"
#include "onward/forward_child.h"
#include "onward/forward_envelope.h"
#include "onward/owner.h"

#define CHUNK 65536
#define TIMEOUT 300 /* seconds for the sink to take a piece, or to commit */
#define ANSWER_MAX (OUTCOME_TEXT_MAX + 100)

/*
 * Give the sink the message, and keep the last piece for it until sink_finish.  Returns
 * 0, or -1 with errno.
 */
static int
send_message(struct sink *sink, const struct forward *f)
{
	static char buf[CHUNK]; /* a cache, which sink_last borrows */
	off_t length = forward_length(f), done = 0;
	size_t len = 0;

	for (;;) {
		ssize_t r = forward_read(f, done, buf + len, CHUNK - len);

		if (r == -1)
			return -1;
		done += r;
		len += (size_t)r;
		if (done == length)
			break;
		if (len < CHUNK)
			continue;
		if (sink_write(sink, buf, len, TIMEOUT) == -1)
			return -1;
		len = 0;
	}
	sink_last(sink, buf, len);
	return 0;
}

/* Start the sink, a program as who owns the queue.  Returns 0; -1 when the answer is set.
 */
static int
start(struct sink *sink, const char *const *argv, struct forward *f)
{
	int is_service = sink_is_service(argv), r;
	uid_t uid;
	gid_t gid;

	if (!is_service &&
	    !owner_from_environment("QUEUE_UID", &uid, "QUEUE_GID", &gid)) {
		outcome_set(&f->answer, 'Z', "4.3.5",
		    "unable to forward: the service has no ",
		    "QUEUE_UID and QUEUE_GID in its environment (mail-setup)",
		    (char *)NULL);
		return -1;
	}
	r = setenv("QUEUEID", f->id, 1);
	if (r == 0 && !is_service)
		r = owner_become_really(uid, gid);
	if (r == 0) {
		r = sink_start(sink, argv);
		if (!is_service)
			owner_return();
	}
	if (r == -1)
		answer_trouble(&f->answer, is_service ? "reach the queue's service"
						      : "start the queue's program");
	return r;
}

static void
hand_over(struct forward *f, const struct forward_part *part, const char *const *argv)
{
	stralloc envelope = {0}, words = {0};
	struct sink sink;
	int verdict;

	if (start(&sink, argv, f) == -1)
		return;
	prctl(PR_SET_PDEATHSIG, SIGKILL); /* another's credentials have ended that */
	/* a sink may refuse before it has read all; then it says why */
	if (send_message(&sink, f) == -1 && errno != EPIPE) {
		answer_trouble(&f->answer, "forward");
		sink_abort(&sink);
		return;
	}
	forward_envelope_put(&envelope, f, part);
	verdict = sink_finish(&sink, envelope.s, envelope.len, &words, TIMEOUT);
	forward_judge(f, verdict, words.s);
}

/* The child's life.  Nothing of the clients is its: they see when we end. */
static void
live(struct forward *f, const struct forward_part *part, const char *const *argv,
    int answer)
{
	const struct job *given = f->job;
	struct job job = *given;
	stralloc out = {0};

	if (dup2(answer, 0) == -1 || dup2(job.fd, 1) == -1)
		return;
	syscall(SYS_close_range, 3u, ~0u, 0u);
	job.fd = 1;
	f->job = &job;
	hand_over(f, part, argv);
	f->job = given;
	outcome_put(&out, &f->answer);
	deadline_write_all(0, out.s, out.len, TIMEOUT);
}

int
forward_child_begin(struct forward_child *c, struct forward *f,
    const struct forward_part *part, const char *const *sink)
{
	pid_t parent = getpid();
	int ends[2], saved;

	if (spawn_child_pipe(ends) == -1)
		return -1;
	c->answer.len = 0;
	c->pid = fork();
	if (c->pid == 0) {
		if (prctl(PR_SET_PDEATHSIG, SIGKILL) == 0 && getppid() == parent)
			live(f, part, sink, ends[1]);
		_exit(0);
	}
	saved = errno;
	close(ends[1]);
	if (c->pid == -1) {
		close(ends[0]);
		errno = saved;
		return -1;
	}
	c->fd = ends[0];
	fcntl(c->fd, F_SETFL, O_RDONLY | O_NONBLOCK);
	return 0;
}

static void
bury(struct forward_child *c)
{
	close(c->fd);
	spawn_child_wait(c->pid);
	c->pid = 0;
}

int
forward_child_go_on(struct forward_child *c, struct forward *f)
{
	ssize_t r;

	text_room(&c->answer, ANSWER_MAX);
	do {
		r = read(c->fd, c->answer.s + c->answer.len, ANSWER_MAX - c->answer.len);
		if (r > 0)
			c->answer.len += (size_t)r;
	} while (r > 0 || (r == -1 && errno == EINTR));
	if (r == -1 && errno == EAGAIN)
		return 0;
	bury(c);
	if (c->answer.len == 0)
		outcome_set(&f->answer, 'Z', "4.3.0",
		    "unable to forward: who hands it over has ended", (char *)NULL);
	else
		outcome_parse(&f->answer, c->answer.s, c->answer.len);
	return 1;
}

void
forward_child_abort(struct forward_child *c)
{
	kill(c->pid, SIGKILL);
	bury(c);
}
