#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/deadline.h"
#include "lib/gather.h"
#include "lib/queue_answer.h"
#include "lib/queue_client.h"
#include "lib/text.h"
#include "lib/unix_connect.h"
#include "lib/verdict.h"

int
queue_client_open(struct queue_client *c, const char *path)
{
	queue_client_close(c);
	c->path = path;
	c->is_proved = 0;
	c->fd = unix_connect(path, UNIX_CONNECT_SECONDS);
	c->is_open = c->fd != -1;
	if (c->is_open && queue_answer_prepare(c->fd) == 0)
		return 0;
	queue_client_close(c);
	return -1;
}

void
queue_client_open_later(struct queue_client *c, const char *path)
{
	queue_client_close(c);
	c->path = path;
	c->is_proved = 0;
}

void
queue_client_close(struct queue_client *c)
{
	int saved = errno;

	if (c->is_open)
		close(c->fd);
	c->is_open = 0;
	c->fd = -1;
	errno = saved;
}

void
queue_client_begin(struct queue_client *c, const char *id)
{
	c->is_said = c->is_cut = 0;
	c->last_len = c->told.len = 0;
	c->id[0] = '\0';
	if (id != NULL && queueid_is(id))
		memcpy(c->id, id, sizeof c->id);
}

void
queue_client_tell(struct queue_client *c, const char *s, size_t len)
{
	text_setb(&c->told, "E", 1);
	text_catb(&c->told, s, len);
}

/* The request for a message stands before its first piece. */
static void
add_request(struct gather *gather, const struct queue_client *c)
{
	if (c->is_said)
		return;
	if (c->told.len > 0)
		gather_add_netstring(gather, c->told.s, c->told.len);
	if (c->id[0] == '\0') {
		gather_add(gather, "1:M,", 4);
		return;
	}
	gather_add(gather, "25:M", 4);
	gather_add(gather, c->id, QUEUEID_LEN);
	gather_add(gather, ",", 1);
}

/*
 * Wait until more can be written.  An answer that comes before the end is a refusal, and
 * nobody may read the rest.
 */
static int
wait_for_room(struct queue_client *c, int64_t at)
{
	struct pollfd poller = {.fd = c->fd, .events = POLLIN | POLLOUT};

	if (deadline_poll(&poller, 1, at) == -1)
		return -1;
	if (!(poller.revents & (POLLIN | POLLHUP | POLLERR)))
		return 0;
	c->is_cut = 1;
	errno = EPIPE;
	return -1;
}

/*
 * The service is gone: since the last message, when nothing of this one has been said,
 * and then perhaps another is in its place.
 */
static int
take_up(struct queue_client *c)
{
	if (c->is_proved && !c->is_said)
		return queue_client_open(c, c->path);
	c->is_cut = 1;
	errno = EPIPE;
	return -1;
}

/* Send it all, before the time at.  Returns 0, or -1 with errno. */
static int
send_all(struct queue_client *c, struct gather *gather, int64_t at)
{
	struct msghdr message = {0};
	ssize_t r;

	if (!c->is_open && !c->is_said && queue_client_open(c, c->path) == -1)
		return -1;
	while (gather->begin < gather->end) {
		message.msg_iov = gather->list + gather->begin;
		message.msg_iovlen = gather->end - gather->begin;
		r = sendmsg(c->fd, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
		if (r >= 0) {
			c->is_said = 1;
			gather_took(gather, (size_t)r);
		} else if (errno == EAGAIN) {
			r = wait_for_room(c, at);
		} else if (errno == EPIPE || errno == ECONNRESET) {
			r = take_up(c);
		} else if (errno == EINTR) {
			r = 0;
		}
		if (r == -1)
			return -1;
	}
	return 0;
}

int
queue_client_write(struct queue_client *c, const char *s, size_t len, unsigned seconds)
{
	struct gather gather;
	size_t piece;

	for (; len > 0; s += piece, len -= piece) {
		if (c->is_cut) {
			errno = EPIPE;
			return -1;
		}
		piece = len < QUEUE_CLIENT_PIECE_MAX ? len : QUEUE_CLIENT_PIECE_MAX;
		gather.begin = gather.end = gather.lengths = 0;
		add_request(&gather, c);
		gather_add_netstring(&gather, s, piece);
		if (send_all(c, &gather, deadline_now() + (int64_t)seconds * 1000) == -1)
			return -1;
	}
	return 0;
}

void
queue_client_last(struct queue_client *c, const char *s, size_t len)
{
	c->last = s;
	c->last_len = len;
}

/*
 * Send what has not gone of the last piece, behind excess bytes, and the end.  Returns 0
 * when all is sent, or the service does not want all; or -1 with errno.
 */
static int
send_end(
    struct queue_client *c, size_t excess, const char *envelope, size_t len, int64_t at)
{
	struct gather gather = {.begin = 0};

	if (c->is_cut)
		return 0;
	add_request(&gather, c);
	if (c->last_len > 0)
		gather_add_netstring(&gather, c->last + excess, c->last_len - excess);
	gather_add(&gather, "0:,", 3);
	gather_add_netstring(&gather, envelope, len);
	return send_all(c, &gather, at) == -1 && !c->is_cut ? -1 : 0;
}

static int
put_off(struct queue_client *c, stralloc *report, const char *reason)
{
	queue_client_close(c);
	text_set(report, reason);
	return DEFER;
}

static int
put_off_for(struct queue_client *c, stralloc *report)
{
	if (errno == ETIMEDOUT)
		return put_off(c, report, "the queue's service does not answer (#4.3.0)");
	if (errno == EPIPE || errno == ECONNRESET)
		return put_off(
		    c, report, "the queue's service ended without an answer (#4.3.0)");
	return put_off(c, report, "unable to reach the queue's service (#4.3.0)");
}

/*
 * What a whole answer says.  One that came early is the last on its connection, and can't
 * be a yes.
 */
static int
judge(struct queue_client *c, const char *s, size_t len, stralloc *report)
{
	int is_yes = !c->is_cut && queue_answer_accepts(s, len, c->id);

	if (len == 0 || (*s != 'Z' && *s != 'D' && !is_yes))
		return put_off(c, report, "the queue's service talks nonsense (#4.3.0)");
	report->len = 0;
	text_cat_printable(report, s + 1, len - 1, QUEUE_ANSWER_MAX);
	text_terminate(report);
	c->is_proved = 1;
	if (c->is_cut)
		queue_client_close(c);
	return verdict_from_letter(*s);
}

int
queue_client_end(struct queue_client *c, const char *envelope, size_t len,
    stralloc *report, unsigned seconds)
{
	int64_t at = deadline_now() + (int64_t)seconds * 1000;
	char answer[QUEUE_ANSWER_ROOM];
	size_t start, excess = 0;
	ssize_t size;

	if (c->last_len > QUEUE_CLIENT_PIECE_MAX)
		excess = c->last_len - QUEUE_CLIENT_PIECE_MAX;
	if (queue_client_write(c, c->last, excess, seconds) == -1 && !c->is_cut)
		return put_off_for(c, report);
	if (send_end(c, excess, envelope, len, at) == -1)
		return put_off_for(c, report);
	size = queue_answer_read(c->fd, answer, &start, at);
	if (size == -1)
		return put_off_for(c, report);
	return judge(c, answer + start, (size_t)size, report);
}

void
queue_client_free(struct queue_client *c)
{
	queue_client_close(c);
	stralloc_free(&c->told);
	c->told = (stralloc){0};
}

void
queue_client_abort(struct queue_client *c)
{
	/* as far as it has gone it can be ended only so */
	if (c->is_said)
		queue_client_close(c);
}
