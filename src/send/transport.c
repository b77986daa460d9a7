#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/deadline.h"
#include "send/transport.h"

void
transport_take(struct transport *t, int fd)
{
	t->fd = fd;
	t->len = 0;
	t->ended = 0;
}

void
transport_close(struct transport *t)
{
	if (t->fd != -1)
		close(t->fd);
	t->fd = -1;
	t->len = 0;
}

/* Receive what has come: 1, 0 at the end, -1 with errno. */
static int
receive(struct transport *t)
{
	ssize_t r;

	do
		r = recv(t->fd, t->input + t->len, sizeof(t->input) - t->len, 0);
	while (r == -1 && errno == EINTR);
	if (r > 0)
		t->len += (size_t)r;
	else if (r == 0)
		t->ended = 1;
	return r > 0 ? 1 : (int)r;
}

/* Until there is room to send, take in what the peer says. */
static int
await_room(struct transport *t, int64_t at)
{
	struct pollfd poller = {.fd = t->fd};
	int64_t left;
	int r;

	do {
		poller.events = POLLOUT;
		if (!t->ended && t->len < sizeof(t->input))
			poller.events |= POLLIN;
		left = at - deadline_now();
		r = poll(&poller, 1, left > 0 ? (int)left : 0);
		if (r == 0)
			errno = ETIMEDOUT;
		if (r == 0 || (r == -1 && errno != EINTR))
			return -1;
		if (r == 1 && poller.revents & POLLIN && poller.events & POLLIN)
			if (receive(t) == -1 && errno != EAGAIN)
				return -1;
	} while (r == -1 || !(poller.revents & (POLLOUT | POLLERR | POLLHUP)));
	return 0;
}

int
transport_write(struct transport *t, const char *buf, size_t len, unsigned seconds)
{
	int64_t at = deadline_now() + (int64_t)seconds * 1000;
	ssize_t r;

	while (len > 0) {
		r = send(t->fd, buf, len, MSG_NOSIGNAL);
		if (r > 0) {
			buf += r;
			len -= (size_t)r;
		} else if (r == -1 && errno == EAGAIN) {
			if (await_room(t, at) == -1)
				return -1;
		} else if (errno != EINTR) {
			return -1;
		}
	}
	return 0;
}

int
transport_fill(struct transport *t, int64_t at)
{
	int r;

	if (t->ended)
		return 0;
	if (t->len == sizeof(t->input)) {
		errno = ENOBUFS;
		return -1;
	}
	do {
		if (deadline_wait(t->fd, POLLIN, at) == -1)
			return -1;
		r = receive(t);
	} while (r == -1 && errno == EAGAIN);
	return r;
}

int
transport_has_news(struct transport *t)
{
	struct pollfd poller = {.fd = t->fd, .events = POLLIN};

	return t->len > 0 || t->ended || poll(&poller, 1, 0) != 0;
}

void
transport_consume(struct transport *t, size_t len)
{
	t->len -= len;
	memmove(t->input, t->input + len, t->len);
}
