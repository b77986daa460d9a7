#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "deliver/clients.h"
#include "lib/netstring.h"
#include "lib/text.h"

struct clients {
	struct pollfd *polled; /* the clients, then the listening socket */
	stralloc *heard;       /* of each client, not yet answered */
	size_t count;
	size_t most;
	size_t longest;
	clients_answer answer;
};

/* Where a signal came between, or the client has gone again, another turn is due. */
static int
is_harmless(int error)
{
	return error == EINTR || error == EAGAIN || error == ECONNABORTED;
}

static int
welcome(struct clients *c, int listening)
{
	int fd = accept4(listening, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

	if (fd == -1)
		return is_harmless(errno) ? 0 : -1;
	c->polled[c->count] = (struct pollfd){.fd = fd, .events = POLLIN};
	c->heard[c->count].len = 0;
	c->count++;
	return 0;
}

/* The last takes the place of the one that leaves, and its memory is kept for the next.
 */
static void
leave(struct clients *c, size_t i)
{
	stralloc heard = c->heard[i];

	close(c->polled[i].fd);
	c->count--;
	c->polled[i] = c->polled[c->count];
	c->heard[i] = c->heard[c->count];
	c->heard[c->count] = heard;
}

/* Answer every whole question that was heard.  Returns 0, or -1 when it is to leave. */
static int
answer_heard(struct clients *c, int fd, stralloc *heard)
{
	static stralloc question, reply;
	size_t start, size;
	const char *said;
	ssize_t used;

	while ((used = netstring_scan(heard->s, heard->len, c->longest, &start, &size)) >
	       0) {
		question.len = reply.len = 0;
		text_catb(&question, heard->s + start, size);
		said = c->answer(&question);
		if (said == NULL)
			return -1;
		netstring_put(&reply, said, strlen(said));
		if (send(fd, reply.s, reply.len, MSG_NOSIGNAL | MSG_DONTWAIT) !=
		    (ssize_t)reply.len)
			return -1;
		heard->len -= (size_t)used;
		memmove(heard->s, heard->s + used, heard->len);
	}
	return used == -1 ? -1 : 0;
}

/* Returns 0, or -1 when the client is to leave. */
static int
hear(struct clients *c, size_t i)
{
	char buf[1024];
	ssize_t r = recv(c->polled[i].fd, buf, sizeof(buf), MSG_DONTWAIT);

	if (r == -1 && is_harmless(errno))
		return 0;
	if (r <= 0)
		return -1;
	text_catb(&c->heard[i], buf, (size_t)r);
	return answer_heard(c, c->polled[i].fd, &c->heard[i]);
}

/* Wait for something to do, and do it.  Returns 0, or -1 with errno. */
static int
turn(struct clients *c, int listening)
{
	struct pollfd *door = &c->polled[c->count];
	int knocks;
	size_t i;

	/* poll does not look at a negative descriptor */
	*door =
	    (struct pollfd){.fd = c->count < c->most ? listening : -1, .events = POLLIN};
	if (poll(c->polled, c->count + 1, -1) == -1)
		return is_harmless(errno) ? 0 : -1;
	knocks = door->revents != 0;
	for (i = c->count; i-- > 0;)
		if (c->polled[i].revents != 0 && hear(c, i) == -1)
			leave(c, i);
	return knocks ? welcome(c, listening) : 0;
}

int
clients_serve(int listening, size_t most, size_t longest, clients_answer answer)
{
	struct clients c = {.most = most, .longest = longest, .answer = answer};

	c.polled = calloc(most + 1, sizeof(*c.polled));
	c.heard = calloc(most, sizeof(*c.heard));
	if (c.polled != NULL && c.heard != NULL)
		while (turn(&c, listening) == 0)
			;
	while (c.count > 0)
		leave(&c, c.count - 1);
	free(c.polled);
	free(c.heard);
	return -1;
}
