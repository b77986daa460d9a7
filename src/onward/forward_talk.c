#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/deadline.h"
#include "lib/netstring.h"
#include "lib/text.h"
#include "lib/unix_connect.h"
#include "lib/verdict.h"
#include "onward/forward_talk.h"

#define PATIENCE 90000 /* milliseconds; it may hold its answer back for 60000 */
#define PATIENCE_CONNECT (UNIX_CONNECT_SECONDS * 1000)
#define PAUSE 50 /* milliseconds between tries to connect, where many wait already */
#define OUT_KEPT 16384 /* bytes of memory for the next request */

void
forward_talk_init(struct forward_talk *t, const char *path)
{
	memset(t, 0, sizeof(*t));
	t->fd = -1;
	t->path = path;
}

char *
forward_talk_begin(struct forward_talk *t, const char *id, size_t len)
{
	char bytes[DECIMAL_MAX];

	t->id = id;
	t->is_connected = t->is_kept = t->is_cut = 0;
	t->len = t->sent = t->out.len = 0;
	t->connect_at = 0;
	text_cat(&t->out, "25:M", id, ",", text_decimal(bytes, len), ":", (char *)NULL);
	text_room(&t->out, t->out.len + len + 1);
	return t->out.s + t->out.len;
}

void
forward_talk_end(
    struct forward_talk *t, size_t len, const char *envelope, size_t envelope_len)
{
	t->out.len += len;
	text_cat(&t->out, ",0:,", (char *)NULL);
	netstring_put(&t->out, envelope, envelope_len);
	t->until = deadline_now() + PATIENCE_CONNECT;
}

static void
leave(struct forward_talk *t)
{
	int saved = errno;

	if (t->fd != -1)
		close(t->fd);
	t->fd = -1;
	errno = saved;
}

/* A connection that its other end has closed since the last message is none. */
static int
is_open(struct forward_talk *t)
{
	char c;

	if (t->fd == -1)
		return 0;
	if (recv(t->fd, &c, 1, MSG_PEEK | MSG_DONTWAIT) == -1 && errno == EAGAIN)
		return 1;
	leave(t);
	return 0;
}

/* Returns 1; 0 when it is to be tried again; -1 with errno. */
static int
connect_to(struct forward_talk *t)
{
	int64_t now = deadline_now();

	if (now < t->connect_at)
		return 0;
	t->is_kept = is_open(t);
	if (!t->is_kept)
		t->fd = unix_connect(t->path, 0);
	if (t->fd == -1) {
		t->connect_at = now + PAUSE;
		return errno == EAGAIN && now < t->until ? 0 : -1;
	}
	t->is_connected = 1;
	t->until = now + PATIENCE;
	return 1;
}

/* The service may end before it has heard all; then it says why. */
static void
speak(struct forward_talk *t)
{
	ssize_t r;

	while (!t->is_cut && t->sent < t->out.len) {
		r = send(t->fd, t->out.s + t->sent, t->out.len - t->sent,
		    MSG_NOSIGNAL | MSG_DONTWAIT);
		if (r == -1 && errno == EAGAIN)
			return;
		if (r == -1 && errno != EINTR)
			t->is_cut = 1;
		if (r > 0)
			t->sent += (size_t)r;
	}
}

static int
put_off(struct forward_talk *t, int *verdict, const char *words)
{
	leave(t);
	text_set(&t->words, words);
	*verdict = DEFER;
	return 1;
}

/*
 * A connection of an earlier message may have been left just now, by a service that ends
 * or has too many: a new one is tried, once.  The ID keeps that from being two messages.
 */
static int
begin_anew(struct forward_talk *t)
{
	if (!t->is_kept)
		return 0;
	leave(t);
	t->is_connected = t->is_cut = 0;
	t->sent = t->len = 0;
	t->until = deadline_now() + PATIENCE_CONNECT;
	return 1;
}

/* An answer that came early is the last on its connection, and can't be a yes. */
static int
judge(struct forward_talk *t, const char *s, size_t len, int *verdict)
{
	int is_early = t->is_cut || t->sent < t->out.len;
	int is_yes = !is_early && queue_answer_accepts(s, len, t->id);

	if (len == 0 || (*s != 'Z' && *s != 'D' && !is_yes))
		return put_off(t, verdict, "the queue's service talks nonsense (#4.3.0)");
	t->words.len = 0;
	text_cat_printable(&t->words, s + 1, len - 1, QUEUE_ANSWER_MAX);
	text_terminate(&t->words);
	*verdict = verdict_from_letter(*s);
	if (is_early)
		leave(t);
	return 1;
}

static int
hear(struct forward_talk *t, int *verdict)
{
	size_t start = 0, size = 0;
	ssize_t r = recv(t->fd, t->in + t->len, sizeof(t->in) - t->len, MSG_DONTWAIT);

	if (r == -1 && (errno == EAGAIN || errno == EINTR)) {
		if (deadline_now() < t->until)
			return 0;
		return put_off(
		    t, verdict, "the queue's service does not answer (#4.3.0)");
	}
	if (r <= 0 && begin_anew(t))
		return 0;
	if (r <= 0)
		return put_off(
		    t, verdict, "the queue's service ended without an answer (#4.3.0)");
	t->len += (size_t)r;
	r = netstring_scan(t->in, t->len, QUEUE_ANSWER_MAX, &start, &size);
	if (r == 0)
		return 0;
	/* nothing has been asked that something behind it could answer */
	return judge(t, t->in + start, (size_t)r == t->len ? size : 0, verdict);
}

int
forward_talk_go_on(struct forward_talk *t, int *verdict)
{
	int r = t->is_connected ? 1 : connect_to(t);

	if (r != 1)
		return r;
	speak(t);
	r = hear(t, verdict);
	if (r == 1 && t->out.a > OUT_KEPT)
		stralloc_free(&t->out);
	return r;
}

struct pollfd
forward_talk_poll(const struct forward_talk *t, int64_t *until)
{
	short events = t->sent < t->out.len ? POLLIN | POLLOUT : POLLIN;
	int64_t at = t->is_connected ? t->until : t->connect_at;

	if (at < *until)
		*until = at;
	return (struct pollfd){.fd = t->is_connected ? t->fd : -1, .events = events};
}

void
forward_talk_abort(struct forward_talk *t)
{
	/* as far as it has gone it can be ended only so */
	if (t->is_connected)
		leave(t);
}
