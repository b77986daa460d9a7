#include "queue/queue_worker.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <errmsg.h>

#include "lib/fdpass.h"
#include "lib/job.h"
#include "lib/netstring.h"
#include "lib/text.h"
#include "lib/verdict.h"
#include "queue/queue_message.h"

#define ANSWER_MAX 4096 /* bytes for one recipient */

struct queue_worker *
queue_worker_open(const char *path)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	struct queue_worker *w;
	int fd, saved;

	if (strlen(path) >= sizeof address.sun_path) {
		errno = ENAMETOOLONG;
		return NULL;
	}
	strcpy(address.sun_path, path);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd == -1)
		return NULL;
	/* EAGAIN here: too many are waiting already */
	if (connect(fd, (struct sockaddr *)&address, sizeof address) == -1) {
		saved = errno;
		close(fd);
		errno = saved;
		return NULL;
	}
	w = calloc(1, sizeof *w);
	if (!w)
		die(DEFER, "out of memory");
	w->fd = fd;
	text_terminate(&w->last);
	return w;
}

void
queue_worker_close(struct queue_worker *w)
{
	close(w->fd);
	stralloc_free(&w->out);
	stralloc_free(&w->in);
	stralloc_free(&w->last);
	free(w);
}

/* Returns 0, also when not all could be written yet; -1 with errno. */
static int
send_request(struct queue_worker *w)
{
	while (w->sent < w->out.len) {
		const char *rest = w->out.s + w->sent;
		size_t len = w->out.len - w->sent;
		ssize_t r;

		if (w->sent == 0)
			r = fdpass_send(w->fd, rest, len, w->job->message->file.fd);
		else
			r = send(w->fd, rest, len, MSG_NOSIGNAL);
		if (r == -1 && errno == EINTR)
			continue;
		if (r == -1)
			return errno == EAGAIN ? 0 : -1;
		w->sent += r;
	}
	return 0;
}

int
queue_worker_begin(struct queue_worker *w, struct queue_job *job, int64_t until)
{
	const struct queue_message *m = job->message;

	w->job = job;
	w->out.len = w->in.len = w->sent = w->answered = 0;
	w->until = until;
	job_request(&w->out, m->id, &m->file.envelope, job->which, job->count,
	    QUEUE_HEADER_LEN, m->file.header.message);
	if (send_request(w) == 0)
		return 0;
	if (w->sent > 0)
		return 0; /* what has been said will be answered, or the end read */
	w->job = NULL;
	return -1;
}

void
queue_worker_rest(struct queue_worker *w, const char *domain, int64_t until)
{
	w->job = NULL;
	w->until = until;
	w->last.len = 0;
	text_cat(&w->last, domain, (char *)0);
	text_terminate(&w->last);
}

short
queue_worker_events(const struct queue_worker *w)
{
	return w->job && w->sent < w->out.len ? POLLIN | POLLOUT : POLLIN;
}

/* Take what has come apart.  Returns 0, or -1 with EPROTO. */
static int
take_answers(struct queue_worker *w, queue_answer *answer, void *context)
{
	size_t done = 0, start, size;
	const char *status, *text;
	ssize_t r = 0;

	while (w->answered < w->job->count && done < w->in.len) {
		char letter;

		r = netstring_scan(
		    w->in.s + done, w->in.len - done, ANSWER_MAX, &start, &size);
		if (r <= 0)
			break;
		letter = job_answer_split(w->in.s + done + start, size, &status, &text);
		answer(
		    context, w->job, w->job->which[w->answered++], letter, status, text);
		done += r;
	}
	memmove(w->in.s, w->in.s + done, w->in.len - done);
	w->in.len -= done;
	if (r >= 0 && (w->answered < w->job->count || w->in.len == 0))
		return 0;
	errno = EPROTO;
	return -1;
}

/* Returns 1 after reading something, 0 when nothing is there, -1 with errno. */
static int
receive(struct queue_worker *w)
{
	ssize_t r;

	if (!stralloc_readyplus(&w->in, ANSWER_MAX))
		die(DEFER, "out of memory");
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

/* A program that answers before it has heard all has not understood the job. */
static int
is_done(struct queue_worker *w)
{
	if (w->answered < w->job->count)
		return QUEUE_WORKER_BUSY;
	if (w->sent == w->out.len)
		return QUEUE_WORKER_DONE;
	errno = EPROTO;
	return QUEUE_WORKER_LOST;
}

int
queue_worker_continue(struct queue_worker *w, queue_answer *answer, void *context)
{
	int r = 0;

	if (w->job && send_request(w) == -1)
		r = -1; /* answers may have come before the end */
	for (;;) {
		int got = receive(w);

		if (got == 1 && !w->job) {
			errno = EPROTO;
			return QUEUE_WORKER_LOST;
		}
		if (got == 1 && take_answers(w, answer, context) == -1)
			return QUEUE_WORKER_LOST;
		if (got == 1 && is_done(w) != QUEUE_WORKER_BUSY)
			return is_done(w);
		if (got == -1)
			return QUEUE_WORKER_LOST;
		if (got == 0)
			return r == -1 ? QUEUE_WORKER_LOST : QUEUE_WORKER_BUSY;
	}
}
