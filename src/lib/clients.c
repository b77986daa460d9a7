#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <errmsg.h>

#include "lib/clients.h"
#include "lib/clients_parked.h"
#include "lib/deadline.h"
#include "lib/heap.h"
#include "lib/text.h"

#define PAUSE 1000 /* milliseconds, before another try to take a client */
#define SPARE 32   /* places for others, when all are taken, */
#define EACH 8     /* so many for one user */
#define PARKED_LEAST 8
#define OTHERS 24 /* descriptors for all else */

struct client {
	uid_t uid;
	size_t wait_at; /* where what its answer waits for is polled; 0: nowhere */
	stralloc heard; /* not yet answered */
	stralloc held;  /* answers that go out with the one that is waited for */
	_Alignas(max_align_t) char state[];
};

struct clients {
	/*
	 * The door, each client, what answers wait for, and who is parked, each once: no
	 * more than there are descriptors, for poll(2) takes no more.
	 */
	struct pollfd *polled;
	struct client **list;
	size_t count;
	size_t most;
	struct clients_parked parked;
	size_t parked_at;     /* where they are polled */
	int may_enter;        /* one has left, so perhaps one of these */
	int64_t closed_until; /* the door; 0: it is open */
	const struct clients_service *service;
};

/* Where a signal came between, or the client has gone again, another turn is due. */
static int
is_harmless(int error)
{
	return error == EINTR || error == EAGAIN || error == ECONNABORTED;
}

/* Does it pass when others end, here or elsewhere? */
static int
is_passing(int error)
{
	return error == EMFILE || error == ENFILE || error == ENOMEM || error == ENOBUFS;
}

/* That of client i. */
static struct pollfd *
own(const struct clients *c, size_t i)
{
	return &c->polled[1 + i];
}

/* The last takes the place of the one that leaves. */
static void
leave(struct clients *c, size_t i)
{
	struct client *client = c->list[i];

	close(own(c, i)->fd);
	if (c->service->forget != NULL)
		c->service->forget(client->state);
	stralloc_free(&client->heard);
	stralloc_free(&client->held);
	free(client);
	c->count--;
	c->may_enter = 1;
	*own(c, i) = *own(c, c->count);
	c->list[i] = c->list[c->count];
}

static const struct clients_wait *
wait_of(const struct clients *c, size_t i)
{
	return c->service->waits != NULL ? c->service->waits(c->list[i]->state) : NULL;
}

/* Returns 0, or -1 when the client is to leave. */
static int
answer(struct clients *c, size_t i)
{
	static stralloc reply; /* a cache */
	struct client *client = c->list[i];
	int waited = wait_of(c, i) != NULL;
	size_t held = client->held.len;
	ssize_t r;

	reply.len = 0;
	text_catb(&reply, client->held.s, held);
	client->held.len = 0;
	if (c->service->take(client->state, &client->heard, &reply) == -1)
		return -1;
	if (reply.len == 0)
		return 0;
	/* to go with the first answer that is waited for: one wake-up instead of two */
	if (wait_of(c, i) != NULL && (!waited || reply.len == held)) {
		text_setb(&client->held, reply.s, reply.len);
		return 0;
	}
	r = send(own(c, i)->fd, reply.s, reply.len, MSG_NOSIGNAL | MSG_DONTWAIT);
	return r == (ssize_t)reply.len ? 0 : -1;
}

/* Returns 0, or -1 when the client is to leave. */
static int
hear(struct clients *c, size_t i)
{
	char buf[4096];
	ssize_t r = recv(own(c, i)->fd, buf, sizeof(buf), MSG_DONTWAIT);

	if (r == -1 && is_harmless(errno))
		return 0;
	if (r <= 0)
		return -1;
	text_catb(&c->list[i]->heard, buf, (size_t)r);
	return answer(c, i);
}

/* Is there a place for another client of this user?  None takes all of them. */
static int
has_place(const struct clients *c, uid_t uid)
{
	size_t i, theirs = 0;

	if (c->count < c->most)
		return 1;
	if (c->count >= c->most + SPARE)
		return 0;
	for (i = 0; i < c->count; i++)
		theirs += c->list[i]->uid == uid;
	return theirs < EACH && theirs < c->most;
}

static void
enter(struct clients *c, int fd, uid_t uid)
{
	struct client *client = heap_make(1, sizeof(*client) + c->service->state_size);

	client->uid = uid;
	*own(c, c->count) = (struct pollfd){.fd = fd};
	c->list[c->count++] = client;
	/* most have said something before they are seen */
	if (hear(c, c->count - 1) == -1)
		leave(c, c->count - 1);
}

/* Those who wait inside the door go on before others come. */
static void
let_enter(struct clients *c)
{
	size_t i = 0;
	uid_t uid;

	c->may_enter = 0;
	while (i < c->parked.count) {
		uid = c->parked.uids[i];
		if (has_place(c, uid))
			enter(c, clients_parked_take(&c->parked, i), uid);
		else
			i++;
	}
}

/* Returns 0, or -1 with errno when the socket is of no use. */
static int
welcome(struct clients *c, int listening)
{
	int fd = accept4(listening, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	uid_t uid;

	if (fd == -1 && is_passing(errno)) {
		carpsys("unable to take another client");
		c->closed_until = deadline_now() + PAUSE;
		return 0;
	}
	if (fd == -1)
		return is_harmless(errno) ? 0 : -1;
	uid = clients_parked_user(fd);
	if (has_place(c, uid))
		enter(c, fd, uid);
	else
		clients_parked_put(&c->parked, fd, uid);
	return 0;
}

/* Look also for what an answer waits for.  Returns where. */
static size_t
poll_wait(struct clients *c, size_t *n, const struct clients_wait *wait)
{
	size_t at = 1 + c->count;

	while (at < *n &&
	       (c->polled[at].fd != wait->fd || c->polled[at].events != wait->events))
		at++;
	if (at == *n)
		c->polled[(*n)++] =
		    (struct pollfd){.fd = wait->fd, .events = wait->events};
	return at;
}

/* Look at all that may have something to say, until one has, or is out of time. */
static int
poll_all(struct clients *c, int listening)
{
	const struct clients_wait *wait;
	int64_t now = deadline_now(), until = INT64_MAX;
	int is_open = c->closed_until <= now;
	size_t i, n = 1 + c->count;

	for (i = 0; i < c->count; i++) {
		wait = wait_of(c, i);
		own(c, i)->events = wait == NULL ? POLLIN : 0;
		c->list[i]->wait_at =
		    wait == NULL || wait->fd == -1 ? 0 : poll_wait(c, &n, wait);
		if (wait != NULL && wait->until < until)
			until = wait->until;
	}
	if (c->closed_until > now && c->closed_until < until)
		until = c->closed_until;
	/* poll does not look at a negative descriptor */
	c->polled[0] = (struct pollfd){.fd = is_open ? listening : -1, .events = POLLIN};
	c->parked_at = n;
	clients_parked_poll(&c->parked, c->polled + n);
	n += c->parked.count;
	if (until == INT64_MAX)
		return poll(c->polled, n, -1);
	return poll(c->polled, n, until <= now ? 0 : (int)(until - now));
}

/* Do what is to be done for a client.  Returns 0, or -1 when it is to leave. */
static int
attend(struct clients *c, size_t i)
{
	const struct clients_wait *wait = wait_of(c, i);
	size_t at = c->list[i]->wait_at;

	if (wait == NULL)
		return own(c, i)->revents != 0 ? hear(c, i) : 0;
	if (own(c, i)->revents != 0)
		return -1; /* it does not wait any longer */
	if ((at != 0 && c->polled[at].revents != 0) || deadline_now() >= wait->until)
		return answer(c, i);
	return 0;
}

/* Wait for something to do, and do it.  Returns 0, or -1 with errno. */
static int
turn(struct clients *c, int listening)
{
	int knocks;
	size_t i;

	if (poll_all(c, listening) == -1)
		return is_harmless(errno) ? 0 : -1;
	knocks = c->polled[0].revents != 0;
	clients_parked_look(&c->parked, c->polled + c->parked_at);
	for (i = c->count; i-- > 0;)
		if (attend(c, i) == -1)
			leave(c, i);
	if (c->may_enter)
		let_enter(c);
	return knocks ? welcome(c, listening) : 0;
}

/* As many as there are descriptors for beside what the others take, and wait for. */
static size_t
parked_most(const struct clients *c)
{
	size_t others = (c->service->waits != NULL ? 2 : 1) * (c->most + SPARE) + OTHERS;
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) == -1 ||
	    limit.rlim_cur < others + PARKED_LEAST)
		return PARKED_LEAST;
	return limit.rlim_cur - others < c->most + PARKED_LEAST ? limit.rlim_cur - others
								: c->most + PARKED_LEAST;
}

int
clients_serve(int listening, size_t most, const struct clients_service *service)
{
	struct clients c = {.most = most, .service = service};
	size_t places = most + SPARE, parked = parked_most(&c);

	c.polled = calloc(2 * places + 1 + parked, sizeof(*c.polled));
	c.list = calloc(places, sizeof(*c.list));
	if (clients_parked_init(&c.parked, parked) == 0 && c.polled != NULL &&
	    c.list != NULL)
		while (turn(&c, listening) == 0)
			;
	while (c.count > 0)
		leave(&c, c.count - 1);
	clients_parked_free(&c.parked);
	free(c.polled);
	free(c.list);
	return -1;
}
