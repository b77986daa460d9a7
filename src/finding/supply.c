#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <errmsg.h>

#include "finding/supply.h"
#include "lib/fdpass.h"
#include "lib/netstring.h"
#include "lib/text.h"
#include "lib/unix_connect.h"
#include "turns/backoff.h"

#define PATH "run/queue.sock"
#define CHUNK 8192       /* bytes read at a time */
#define ANSWER_MAX 1000  /* bytes */
#define LINES_MAX 32768  /* bytes in one netstring; the service takes 64 KiB */
#define OUT_MAX 4194304  /* bytes that the service does not take */
#define LAST_SECOND 1000 /* milliseconds for which the service may forget */
#define PAUSE_FIRST 1000 /* milliseconds after a connection failed, doubled each time */
#define PAUSE_DOUBLINGS 5
/* after five seconds without us the service makes files of what it had handed over */
#define PAUSE_DOUBLINGS_LOST 2

/* LETTER ID, and after "\0" some lines. */
static void
say(struct supply *s, char letter, const char *id, const char *lines, size_t len)
{
	char text[1 + QUEUEID_LEN + 1 + LINES_MAX] = {letter};

	if (s->fd == -1)
		return;
	memcpy(text + 1, id, QUEUEID_LEN + 1);
	if (len > 0)
		memcpy(text + 1 + QUEUEID_LEN + 1, lines, len);
	netstring_put(&s->out, text, 1 + QUEUEID_LEN + (len > 0 ? 1 + len : 0));
}

static void
put_off(struct supply *s, int64_t now_ms)
{
	s->retry = now_ms + backoff_wait(PAUSE_FIRST, s->failures++,
				s->lost ? PAUSE_DOUBLINGS_LOST : PAUSE_DOUBLINGS);
	s->is_told = 1;
}

int
supply_connect(struct supply *s, size_t window, int64_t now_ms)
{
	char request[1 + DECIMAL_MAX] = "R";
	const char *id;
	size_t n = 0;

	if (s->fd != -1 || now_ms < s->retry)
		return 0;
	s->fd = unix_connect(PATH, 0);
	if (s->fd == -1) {
		if (!s->is_told)
			carpsys("unable to connect to " PATH);
		put_off(s, now_ms);
		return 0;
	}
	s->is_ready = 1;
	text_decimal(request + 1, window);
	netstring_put(&s->out, request, strlen(request));
	while ((id = settled_last(&s->settled, n++, s->lost - LAST_SECOND)) != NULL)
		say(s, 'S', id, NULL, 0);
	return 1;
}

void
supply_lose(struct supply *s, int64_t now_ms)
{
	close(s->fd);
	s->fd = -1;
	while (s->fd_count > 0)
		close(s->fds[--s->fd_count]);
	s->in.len = s->taken = s->out.len = 0;
	s->lost = now_ms;
	put_off(s, now_ms);
}

static void
complain(struct supply *s, const char *what, int64_t now_ms)
{
	if (!s->is_told)
		carp(PATH ": ", what);
	supply_lose(s, now_ms);
}

/* Returns 1 after reading something, 0 when nothing is there, -1 with errno. */
static int
receive(struct supply *s)
{
	int fd = -1;
	ssize_t r;

	text_room(&s->in, s->in.len + CHUNK);
	s->in.len -= s->taken;
	memmove(s->in.s, s->in.s + s->taken, s->in.len);
	s->taken = 0;
	do
		r = fdpass_receive(s->fd, s->in.s + s->in.len, CHUNK, &fd);
	while (r == -1 && errno == EINTR);
	if (r == -1 && errno == EAGAIN)
		return 0;
	errno = r == 0 ? ECONNRESET : errno;
	if (fd != -1 && s->fd_count == SUPPLY_FDS_MAX) {
		close(fd);
		errno = EPROTO;
		return -1;
	}
	if (fd != -1)
		s->fds[s->fd_count++] = fd;
	if (r <= 0)
		return -1;
	s->in.len += r;
	return 1;
}

static void
complain_of_refusal(struct supply *s, const char *text, size_t len)
{
	stralloc printable = {0};

	text_cat_printable(&printable, text + 1, len - 1, ANSWER_MAX);
	text_terminate(&printable);
	if (!s->is_told)
		carp(PATH ": ", printable.s);
	s->is_told = 1;
	stralloc_free(&printable);
}

/* Returns 1 with an order, 0 for what is none, -1 when the connection is of no use. */
static int
take_text(struct supply *s, struct supply_order *o, const char *text, size_t len)
{
	switch (supply_order_parse(o, text, len)) {
	case 1:
		break;
	case 0:
		s->failures = s->is_told = 0;
		return 0;
	default:
		if (len > 0 && *text == 'Z')
			complain_of_refusal(s, text, len);
		return -1;
	}
	if (o->kind != SUPPLY_MESSAGE)
		return 1;
	/* it came with the first byte, so with those of the others in their order */
	if (s->fd_count == 0)
		return -1;
	o->fd = s->fds[0];
	memmove(s->fds, s->fds + 1, --s->fd_count * sizeof *s->fds);
	return 1;
}

int
supply_next(struct supply *s, struct supply_order *o, int64_t now_ms)
{
	size_t start, size;
	ssize_t r = 0;
	int got = 1;

	while (s->fd != -1 && got == 1) {
		if (s->in.len > s->taken)
			r = netstring_scan(s->in.s + s->taken, s->in.len - s->taken,
			    ANSWER_MAX, &start, &size);
		if (r > 0) {
			const char *text = s->in.s + s->taken + start;

			s->taken += r;
			r = take_text(s, o, text, size);
			if (r == 1)
				return 1;
		} else if (r == 0) {
			got = s->is_ready ? receive(s) : 0;
			s->is_ready = got == 1;
		}
		if (r == -1)
			complain(s, "it says what it should not", now_ms);
		else if (got == -1)
			complain(s, "the connection was lost", now_ms);
		r = 0;
	}
	return 0;
}

void
supply_settle(struct supply *s, const char *id, int64_t now_ms)
{
	settled_put(&s->settled, id, now_ms);
	say(s, 'S', id, NULL, 0);
}

int
supply_has_settled(struct supply *s, const char *id)
{
	if (!settled_has(&s->settled, id))
		return 0;
	say(s, 'S', id, NULL, 0);
	return 1;
}

void
supply_file(struct supply *s, const char *id)
{
	say(s, 'F', id, NULL, 0);
}

/* In pieces that end with a line. */
int
supply_keep(struct supply *s, const char *id, const char *lines, size_t len)
{
	while (len > 0 && s->fd != -1) {
		size_t n = len;

		if (n > LINES_MAX)
			for (n = LINES_MAX; lines[n - 1] != '\n'; --n)
				;
		say(s, 'L', id, lines, n);
		lines += n;
		len -= n;
	}
	return s->fd != -1;
}

void
supply_flush(struct supply *s, int64_t now_ms)
{
	size_t sent = 0;
	ssize_t r = 0;

	while (sent < s->out.len && r != -1) {
		r = send(s->fd, s->out.s + sent, s->out.len - sent, MSG_NOSIGNAL);
		if (r > 0)
			sent += r;
		else if (errno == EINTR)
			r = 0;
	}
	if ((r == -1 && errno != EAGAIN) || s->out.len - sent > OUT_MAX) {
		complain(s, "the connection was lost", now_ms);
		return;
	}
	s->out.len -= sent;
	if (s->out.len > 0)
		memmove(s->out.s, s->out.s + sent, s->out.len);
}

short
supply_events(const struct supply *s, int reads)
{
	return (reads ? POLLIN : 0) | (s->out.len > 0 ? POLLOUT : 0);
}

int64_t
supply_until(const struct supply *s)
{
	return s->fd == -1 ? s->retry : INT64_MAX;
}
