#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/fdpass.h"
#include "lib/heap.h"
#include "lib/job.h"
#include "lib/netstring.h"
#include "lib/text.h"
#include "lib/unix_connect.h"
#include "schedule/message.h"
#include "schedule/worker.h"

#define ANSWER_MAX 4096 /* bytes for one recipient */

struct worker *
worker_open(const char *path)
{
	int fd = unix_connect(path, 0);
	struct worker *w;

	if (fd == -1)
		return NULL;
	w = heap_make(1, sizeof *w);
	w->fd = fd;
	text_room(&w->in, ANSWER_MAX);
	return w;
}

void
worker_close(struct worker *w)
{
	close(w->fd);
	stralloc_free(&w->out);
	stralloc_free(&w->in);
	outcome_free(&w->answer);
	free(w);
}

/* What has been done with goes. */
static void
forget(stralloc *sa, size_t *done)
{
	sa->len -= *done;
	memmove(sa->s, sa->s + *done, sa->len);
	*done = 0;
}

static struct task *
job_at(const struct worker *w, size_t i)
{
	return w->jobs[(w->first + i) % WORKER_JOBS_MAX];
}

/*
 * Each job in a call of its own, for its descriptor goes with its first byte.  So many of
 * those may be under way (ETOOMANYREFS), until others have taken theirs.  Returns 0, also
 * when not all could be written yet; -1 with errno.
 */
static int
send_requests(struct worker *w)
{
	while (w->said < w->count) {
		struct task *job = job_at(w, w->said);
		const char *rest = w->out.s + w->sent;
		ssize_t r;

		if (!w->is_torn)
			r = fdpass_send(w->fd, rest, job->unsaid, job->message->file.fd);
		else
			r = send(w->fd, rest, job->unsaid, MSG_NOSIGNAL);
		if (r == -1 && errno == EINTR)
			continue;
		if (r == -1)
			return errno == EAGAIN || errno == ETOOMANYREFS ? 0 : -1;
		w->sent += r;
		job->unsaid -= r;
		w->is_torn = job->unsaid > 0;
		w->said += !w->is_torn;
	}
	return 0;
}

int
worker_begin(struct worker *w, struct task *job)
{
	const struct message *m = job->message;
	size_t before;

	if (w->sent > 0)
		forget(&w->out, &w->sent);
	before = w->out.len;
	w->jobs[(w->first + w->count++) % WORKER_JOBS_MAX] = job;
	job_request(&w->out, m->id, &m->file.envelope, job->which, job->count, HEADER_LEN,
	    m->file.header.message);
	job->unsaid = w->out.len - before;
	if (send_requests(w) == 0)
		return 0;
	/* what has been said will be answered, or the end read */
	return w->count > 1 || worker_take_back(w, 0) == NULL ? 0 : -1;
}

struct task *
worker_job(const struct worker *w)
{
	return w->count > 0 ? job_at(w, 0) : NULL;
}

void
worker_end(struct worker *w)
{
	w->last = worker_job(w)->destination->entry.key;
	w->first = (w->first + 1) % WORKER_JOBS_MAX;
	--w->count;
	w->said -= w->said > 0;
	w->answered = 0;
}

struct task *
worker_take_back(struct worker *w, int said)
{
	struct task *job;

	if (w->count == 0 || (!said && w->count <= w->said + w->is_torn))
		return NULL;
	job = job_at(w, --w->count);
	w->out.len -= job->unsaid;
	return job;
}

short
worker_events(const struct worker *w)
{
	return w->said < w->count ? POLLIN | POLLOUT : POLLIN;
}

/*
 * Take apart what has come, as far as the first job goes.  A program that answers before
 * it has heard all of the job has not understood it.
 */
static int
take_answers(struct worker *w, worker_answer *answer, void *context)
{
	struct task *job = worker_job(w);
	size_t start, size;
	ssize_t r;

	while (job != NULL && w->answered < job->count) {
		r = netstring_scan(
		    w->in.s + w->taken, w->in.len - w->taken, ANSWER_MAX, &start, &size);
		if (r == 0)
			return WORKER_BUSY;
		if (r == -1)
			break;
		outcome_parse(&w->answer, w->in.s + w->taken + start, size);
		w->taken += r;
		answer(context, job, job->which[w->answered++], &w->answer);
	}
	if (job != NULL && w->answered == job->count && w->said > 0)
		return WORKER_DONE;
	if (job == NULL && w->taken == w->in.len)
		return WORKER_BUSY;
	errno = EPROTO;
	return WORKER_LOST;
}

/* Returns 1 after reading something, 0 when nothing is there, -1 with errno. */
static int
receive(struct worker *w)
{
	ssize_t r;

	forget(&w->in, &w->taken);
	if (!stralloc_readyplus(&w->in, ANSWER_MAX))
		heap_lacks();
	do
		r = recv(w->fd, w->in.s + w->in.len, ANSWER_MAX, 0);
	while (r == -1 && errno == EINTR);
	if (r > 0) {
		w->in.len += r;
		return 1;
	}
	if (r == -1)
		return errno == EAGAIN ? 0 : -1;
	errno = ECONNRESET;
	return -1;
}

int
worker_continue(struct worker *w, worker_answer *answer, void *context)
{
	int r, got, lost = send_requests(w); /* answers may have come before the end */

	while ((r = take_answers(w, answer, context)) == WORKER_BUSY) {
		got = receive(w);
		if (got == 0)
			return lost == -1 ? WORKER_LOST : WORKER_BUSY;
		if (got == -1)
			return WORKER_LOST;
	}
	return r;
}
