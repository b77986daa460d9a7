#include <stdint.h>
#include <stdlib.h>

#include <errmsg.h>

#include "dns/upstream.h"
#include "lib/control.h"
#include "lib/deadline.h"
#include "lib/heap.h"
#include "lib/resolver.h"
#include "lib/resolver_order.h"
#include "lib/text.h"

#define CLASS_IN 1
#define ANSWER_BYTES 1232     /* what passes without fragments: DNS flag day 2020 */
#define TRY_MILLISECONDS 1500 /* for a server's first answer */
#define CHANNEL_SECONDS 5     /* then control/resolvers is read anew, and ports change */
#define CHANNEL_SOCKETS 15    /* the macro for the 16th is undefined behaviour */
#define CHANNELS_MAX 4        /* a channel's last question is over after 30 seconds */
#define HEADER_AD 0x20        /* "say whether it is verified": RFC 6840, 5.7 */

/* A resolver with questions; the first of the list takes new ones. */
struct channel {
	struct resolver resolver;
	size_t asked;
	int64_t until; /* then it takes no more */
};

struct question {
	struct channel *channel;
	upstream_answer *answer;
	void *asker;
};

static struct channel *channels[CHANNELS_MAX];
static stralloc chosen; /* servers; none: those of control/resolvers */

void
upstream_use(const char *servers, size_t len)
{
	text_setb(&chosen, servers, len);
}

static struct channel *
open_channel(void)
{
	struct channel *c = heap_make(1, sizeof(*c));
	stralloc servers = {0};
	const char *why = "unable to read control/resolvers";
	int r = -1;

	c->resolver.try_milliseconds = TRY_MILLISECONDS;
	if (chosen.len > 0)
		r = resolver_open(&c->resolver, chosen.s, chosen.len, &why);
	else if (control_list("resolvers", &servers) != -1)
		r = resolver_open(&c->resolver, servers.s, servers.len, &why);
	stralloc_free(&servers);
	if (r == 0) {
		c->until = deadline_now() + CHANNEL_SECONDS * INT64_C(1000);
		return c;
	}
	carp("unable to use the DNS: ", why);
	free(c);
	return NULL;
}

static void
close_channel(size_t i)
{
	resolver_close(&channels[i]->resolver);
	free(channels[i]);
	channels[i] = NULL;
}

/* The channel for a new question; null when there is none. */
static struct channel *
current(void)
{
	size_t i, unused = CHANNELS_MAX, youngest = CHANNELS_MAX;

	for (i = 0; i < CHANNELS_MAX; i++) {
		if (channels[i] != NULL && channels[i]->asked == 0 &&
		    channels[i]->until <= deadline_now())
			close_channel(i);
		if (channels[i] == NULL)
			unused = i;
		else if (youngest == CHANNELS_MAX ||
			 channels[youngest]->until < channels[i]->until)
			youngest = i;
	}
	if (youngest < CHANNELS_MAX &&
	    (channels[youngest]->until > deadline_now() || unused == CHANNELS_MAX))
		return channels[youngest];
	channels[unused] = open_channel();
	return channels[unused];
}

static void
take(void *arg, int status, int timeouts, unsigned char *m, int len)
{
	struct question *q = arg;

	q->channel->asked--;
	/* the next one asks those last that were silent */
	if (status == ARES_SUCCESS && timeouts > 0) {
		resolver_order_silent(q->channel->resolver.channel, timeouts);
		q->channel->until = 0;
	}
	q->answer(q->asker, status == ARES_SUCCESS ? m : NULL, (size_t)len);
	free(q);
}

int
upstream_ask(const char *name, unsigned type, upstream_answer *answer, void *asker)
{
	struct question *q;
	struct channel *c;
	unsigned char *m;
	int len;

	if (ares_create_query(name, CLASS_IN, (int)type, 0, 1, &m, &len, ANSWER_BYTES) !=
	    ARES_SUCCESS)
		return -1;
	m[3] |= HEADER_AD;
	c = current();
	if (c != NULL) {
		q = heap_make(1, sizeof(*q));
		*q = (struct question){c, answer, asker};
		c->asked++;
		ares_send(c->resolver.channel, m, len, take, q);
	} else {
		answer(asker, NULL, 0);
	}
	ares_free_string(m);
	return 0;
}

size_t
upstream_polled(struct pollfd *pollers)
{
	ares_socket_t fds[CHANNEL_SOCKETS];
	size_t i, j, n = 0;
	int bits;

	for (i = 0; i < CHANNELS_MAX; i++) {
		if (channels[i] == NULL)
			continue;
		bits = ares_getsock(channels[i]->resolver.channel, fds, CHANNEL_SOCKETS);
		for (j = 0; j < CHANNEL_SOCKETS; j++) {
			pollers[n].fd = fds[j];
			pollers[n].events = 0;
			if (ARES_GETSOCK_READABLE(bits, (int)j))
				pollers[n].events |= POLLIN;
			if (ARES_GETSOCK_WRITABLE(bits, (int)j))
				pollers[n].events |= POLLOUT;
			n += pollers[n].events != 0;
		}
	}
	return n;
}

int
upstream_wait(void)
{
	struct timeval longest = {1, 0}, next, *wait;
	int least = -1, milliseconds;
	size_t i;

	for (i = 0; i < CHANNELS_MAX; i++) {
		if (channels[i] == NULL || channels[i]->asked == 0)
			continue;
		wait = ares_timeout(channels[i]->resolver.channel, &longest, &next);
		milliseconds = (int)(wait->tv_sec * 1000 + wait->tv_usec / 1000 + 1);
		if (least == -1 || milliseconds < least)
			least = milliseconds;
	}
	return least;
}

/* Whose socket is it?  As when they were polled: each has its own. */
static struct channel *
owner(int fd)
{
	ares_socket_t fds[CHANNEL_SOCKETS];
	int bits, j;
	size_t i;

	for (i = 0; i < CHANNELS_MAX; i++) {
		if (channels[i] == NULL)
			continue;
		bits = ares_getsock(channels[i]->resolver.channel, fds, CHANNEL_SOCKETS);
		for (j = 0; j < CHANNEL_SOCKETS; j++)
			if ((ARES_GETSOCK_READABLE(bits, j) ||
				ARES_GETSOCK_WRITABLE(bits, j)) &&
			    fds[j] == fd)
				return channels[i];
	}
	return NULL;
}

void
upstream_process(const struct pollfd *pollers, size_t n)
{
	struct channel *c;
	size_t i;

	for (i = 0; i < n; i++) {
		if (pollers[i].revents == 0)
			continue;
		c = owner(pollers[i].fd);
		if (c == NULL)
			continue;
		/* the next question may take the error of the one before it for its own,
		 * and that waits: so there is none to the same server */
		if (pollers[i].revents & POLLERR) {
			resolver_order_refused(pollers[i].fd);
			c->until = 0;
		}
		ares_process_fd(c->resolver.channel,
		    pollers[i].revents & ~POLLOUT ? pollers[i].fd : ARES_SOCKET_BAD,
		    pollers[i].revents & POLLOUT ? pollers[i].fd : ARES_SOCKET_BAD);
	}
	for (i = 0; i < CHANNELS_MAX; i++)
		if (channels[i] != NULL)
			ares_process_fd(channels[i]->resolver.channel, ARES_SOCKET_BAD,
			    ARES_SOCKET_BAD);
}
