#include <poll.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "lib/deadline.h"
#include "lib/dns_records.h"
#include "lib/heap.h"
#include "lib/resolver_ask.h"
#include "lib/resolver_order.h"

#define CLASS_IN 1
#define SOCKETS_MAX 15 /* the macro for the 16th is undefined behaviour */

#define EDNS_BYTES 11

/* Who waits for an answer, and what was asked. */
struct asker {
	struct resolver *r;
	ares_callback take;
	void *question;
	int len;
	unsigned char bytes[];
};

/* What an answer says of itself; as ares_query has it. */
static int
status_of(const unsigned char *bytes, int len)
{
	struct dns_records a;

	if (len < 0 || dns_records_begin(&a, bytes, (size_t)len) == -1)
		return ARES_EBADRESP;
	switch (a.response) {
	case 0:
		return a.left > 0 ? ARES_SUCCESS : ARES_ENODATA;
	case 1:
		return ARES_EFORMERR;
	case 3:
		return ARES_ENOTFOUND;
	default:
		return ARES_ESERVFAIL;
	}
}

/* An old server may not know EDNS.  Returns whether it is asked once more, without. */
static int
ask_plainly(struct asker *asker, ares_callback take)
{
	if (asker->bytes[11] == 0)
		return 0;
	asker->bytes[11] = 0; /* ARCOUNT */
	asker->len -= EDNS_BYTES;
	ares_send(asker->r->channel, asker->bytes, asker->len, take, asker);
	return 1;
}

static void
take_answer(void *asked, int status, int timeouts, unsigned char *bytes, int len)
{
	struct asker *asker = asked;

	if (status == ARES_SUCCESS)
		status = status_of(bytes, len);
	if (status == ARES_EFORMERR && ask_plainly(asker, take_answer))
		return;
	asker->take(asker->question, status, timeouts, bytes, len);
	free(asker);
}

/* Who guesses it may answer in the server's place. */
static unsigned short
random_id(void)
{
	unsigned short id = 0;

	while (getrandom(&id, sizeof(id), 0) != (ssize_t)sizeof(id))
		;
	return id;
}

void
resolver_ask(
    struct resolver *r, const char *name, int type, ares_callback take, void *question)
{
	struct asker *asker;
	unsigned char *bytes;
	int len, status;

	status = ares_create_query(
	    name, CLASS_IN, type, random_id(), 1, &bytes, &len, RESOLVER_ASK_BYTES);
	if (status != ARES_SUCCESS) {
		take(question, status, 0, NULL, 0);
		return;
	}
	bytes[3] |= 0x20; /* AD */
	asker = heap_make(1, sizeof(*asker) + (size_t)len);
	asker->r = r;
	asker->take = take;
	asker->question = question;
	asker->len = len;
	memcpy(asker->bytes, bytes, (size_t)len);
	ares_free_string(bytes);
	ares_send(r->channel, asker->bytes, len, take_answer, asker);
}

int
resolver_ask_is_secure(const struct resolver *r, const unsigned char *bytes, int len)
{
	struct dns_records a;

	return r->believes && len > 0 && dns_records_begin(&a, bytes, (size_t)len) == 0 &&
	       a.is_authentic;
}

static void
process(struct resolver *r, const struct pollfd *p)
{
	/* the next question may take the error of the one before it for its own, and that
	 * waits: so there is none to the same server */
	if (p->revents & POLLERR)
		resolver_order_refused(p->fd);
	if (p->revents)
		ares_process_fd(r->channel,
		    p->revents & ~POLLOUT ? p->fd : ARES_SOCKET_BAD,
		    p->revents & POLLOUT ? p->fd : ARES_SOCKET_BAD);
}

void
resolver_ask_await(struct resolver *r)
{
	int64_t end =
	    deadline_now() + (r->seconds ? r->seconds : RESOLVER_SECONDS) * INT64_C(1000);
	ares_socket_t fds[SOCKETS_MAX];
	struct pollfd pollers[SOCKETS_MAX];
	struct timeval longest = {1, 0}, next, *wait;
	int bits, i, n;

	for (;;) {
		bits = ares_getsock(r->channel, fds, SOCKETS_MAX);
		for (n = i = 0; i < SOCKETS_MAX; i++) {
			if (!ARES_GETSOCK_READABLE(bits, i) &&
			    !ARES_GETSOCK_WRITABLE(bits, i))
				continue;
			pollers[n].fd = fds[i];
			pollers[n].events =
			    (ARES_GETSOCK_READABLE(bits, i) ? POLLIN : 0) |
			    (ARES_GETSOCK_WRITABLE(bits, i) ? POLLOUT : 0);
			n++;
		}
		if (n == 0)
			return;
		if (deadline_now() >= end) {
			ares_cancel(r->channel);
			return;
		}
		wait = ares_timeout(r->channel, &longest, &next);
		if (poll(pollers, (nfds_t)n,
			(int)(wait->tv_sec * 1000 + wait->tv_usec / 1000 + 1)) <= 0)
			ares_process_fd(r->channel, ARES_SOCKET_BAD, ARES_SOCKET_BAD);
		else
			for (i = 0; i < n; i++)
				process(r, &pollers[i]);
	}
}

enum resolver_lookup
resolver_ask_lookup(int status)
{
	switch (status) {
	case ARES_SUCCESS:
		return RESOLVER_FOUND;
	case ARES_ENODATA:
		return RESOLVER_NOTHING;
	case ARES_ENOTFOUND:
	case ARES_EBADNAME: /* not a name that can be asked for */
		return RESOLVER_NO_NAME;
	default:
		return RESOLVER_FAILED;
	}
}
