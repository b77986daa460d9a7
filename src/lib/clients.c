#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include <errmsg.h>

#include "lib/clients.h"
#include "lib/text.h"
#include "lib/verdict.h"

struct client {
	stralloc heard; /* not yet answered */
	_Alignas(max_align_t) char state[];
};

struct clients {
	struct pollfd *polled; /* the clients, then the listening socket */
	struct client **list;
	size_t count;
	size_t most;
	const struct clients_service *service;
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
	struct client *client;

	if (fd == -1)
		return is_harmless(errno) ? 0 : -1;
	client = calloc(1, sizeof(*client) + c->service->state_size);
	if (client == NULL)
		die(DEFER, "out of memory");
	c->polled[c->count] = (struct pollfd){.fd = fd, .events = POLLIN};
	c->list[c->count++] = client;
	return 0;
}

/* The last takes the place of the one that leaves. */
static void
leave(struct clients *c, size_t i)
{
	struct client *client = c->list[i];

	close(c->polled[i].fd);
	if (c->service->forget != NULL)
		c->service->forget(client->state);
	stralloc_free(&client->heard);
	free(client);
	c->count--;
	c->polled[i] = c->polled[c->count];
	c->list[i] = c->list[c->count];
}

/* Returns 0, or -1 when the client is to leave. */
static int
hear(struct clients *c, size_t i)
{
	static stralloc reply; /* a cache */
	struct client *client = c->list[i];
	int fd = c->polled[i].fd;
	char buf[4096];
	ssize_t r = recv(fd, buf, sizeof(buf), MSG_DONTWAIT);

	if (r == -1 && is_harmless(errno))
		return 0;
	if (r <= 0)
		return -1;
	text_catb(&client->heard, buf, (size_t)r);
	reply.len = 0;
	if (c->service->take(client->state, &client->heard, &reply) == -1)
		return -1;
	if (reply.len == 0)
		return 0;
	r = send(fd, reply.s, reply.len, MSG_NOSIGNAL | MSG_DONTWAIT);
	return r == (ssize_t)reply.len ? 0 : -1;
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
clients_serve(int listening, size_t most, const struct clients_service *service)
{
	struct clients c = {.most = most, .service = service};

	c.polled = calloc(most + 1, sizeof(*c.polled));
	c.list = calloc(most, sizeof(*c.list));
	if (c.polled != NULL && c.list != NULL)
		while (turn(&c, listening) == 0)
			;
	while (c.count > 0)
		leave(&c, c.count - 1);
	free(c.polled);
	free(c.list);
	return -1;
}
