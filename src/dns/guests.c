#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <errmsg.h>

#include "dns/dns_message.h"
#include "dns/guests.h"
#include "lib/caller.h"
#include "lib/deadline.h"
#include "lib/heap.h"
#include "lib/lower.h"
#include "lib/netstring.h"
#include "lib/text.h"

#define PAUSE 1000 /* milliseconds, before another try to let somebody in */

int
guests_parse(struct guests_question *q, stralloc *words, const char *s, size_t len)
{
	unsigned long long id, milliseconds;
	const char *type, *wait, *name, *end = s + len;

	type = memchr(s, ' ', len);
	wait = type == NULL ? NULL : memchr(type + 1, ' ', (size_t)(end - type - 1));
	name = wait == NULL ? NULL : memchr(wait + 1, ' ', (size_t)(end - wait - 1));
	if (name == NULL || memchr(name, '\0', (size_t)(end - name)) != NULL ||
	    !text_number(s, (size_t)(type - s), UINT32_MAX, &id) ||
	    !text_number(wait + 1, (size_t)(name - wait - 1), UINT32_MAX, &milliseconds))
		return 0;
	q->id = (uint32_t)id;
	q->type = dns_message_type(type + 1, (size_t)(wait - type - 1));
	q->milliseconds = (unsigned)milliseconds;
	text_setb(words, type + 1, (size_t)(wait - type - 1));
	text_catb(words, name, (size_t)(end - name));
	lower_bytes(words->s + (wait - type), (size_t)(end - name - 1));
	text_terminate(words);
	q->type_name = words->s;
	return q->type != 0;
}

void
guests_begin(struct guests *g, size_t most)
{
	g->list = heap_make(most, sizeof(*g->list));
	g->most = most;
}

void
guests_polled(const struct guests *g, struct pollfd *pollers, int listening)
{
	const struct guest *guest;
	size_t i;

	for (i = 0; i < g->count; i++) {
		guest = g->list[i];
		pollers[i].fd = guest->fd;
		pollers[i].events = guest->owed < GUESTS_OWED_MAX ? POLLIN : 0;
		if (guest->said < guest->unsaid.len)
			pollers[i].events |= POLLOUT;
	}
	pollers[g->count].fd =
	    g->count < g->most && g->closed_until <= deadline_now() ? listening : -1;
	pollers[g->count].events = POLLIN;
}

/* Take the questions off the front of what was heard. */
static void
take_questions(struct guest *guest, guests_asked *asked)
{
	static stralloc words; /* a cache */
	struct guests_question q;
	size_t at = 0, start, size;
	ssize_t r = 0;

	while (
	    !guest->is_gone && guest->owed < GUESTS_OWED_MAX && at < guest->heard.len) {
		r = netstring_scan(guest->heard.s + at, guest->heard.len - at,
		    GUESTS_REQUEST_MAX, &start, &size);
		if (r == 0)
			break;
		if (r == -1 ||
		    !guests_parse(&q, &words, guest->heard.s + at + start, size)) {
			carp("senseless request");
			guest->is_gone = 1;
			break;
		}
		at += (size_t)r;
		guest->owed++;
		asked(guest, &q);
	}
	guest->heard.len -= at;
	if (at > 0)
		memmove(guest->heard.s, guest->heard.s + at, guest->heard.len);
}

static void
hear(struct guest *guest, guests_asked *asked)
{
	char buf[4096];
	ssize_t r = recv(guest->fd, buf, sizeof(buf), MSG_DONTWAIT);

	if (r == -1 && (errno == EAGAIN || errno == EINTR))
		return;
	if (r <= 0) {
		guest->is_gone = 1;
		return;
	}
	text_catb(&guest->heard, buf, (size_t)r);
	take_questions(guest, asked);
}

/* Returns 0, or -1 with errno. */
static int
welcome(struct guests *g, int listening, guests_asked *asked)
{
	int fd = accept4(listening, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	struct guest *guest;

	if (fd == -1 &&
	    (errno == EMFILE || errno == ENFILE || errno == ENOMEM || errno == ENOBUFS)) {
		carpsys("unable to take another client");
		g->closed_until = deadline_now() + PAUSE;
		return 0;
	}
	if (fd == -1)
		return errno == EINTR || errno == EAGAIN || errno == ECONNABORTED ? 0
										  : -1;
	if (!caller_may(fd)) {
		carp("a client that may not ask");
		close(fd);
		return 0;
	}
	guest = heap_make(1, sizeof(*guest));
	guest->fd = fd;
	g->list[g->count++] = guest;
	/* most have asked something before they are seen */
	hear(guest, asked);
	return 0;
}

int
guests_hear(
    struct guests *g, const struct pollfd *pollers, int listening, guests_asked *asked)
{
	size_t i, count = g->count;

	for (i = 0; i < count; i++) {
		/* what was put off is taken up when answers have been given */
		if (g->list[i]->heard.len > 0)
			take_questions(g->list[i], asked);
		if (pollers[i].revents & (POLLIN | POLLHUP | POLLERR))
			hear(g->list[i], asked);
	}
	return pollers[count].revents != 0 ? welcome(g, listening, asked) : 0;
}

void
guests_tell(struct guest *guest, const struct dns_answer *answer)
{
	stralloc bytes = {0};

	dns_answer_put(&bytes, answer);
	text_catb(&bytes, answer->records, answer->records_len);
	netstring_put(&guest->unsaid, bytes.s, bytes.len);
	stralloc_free(&bytes);
	guest->owed--;
	if (guest->unsaid.len > GUESTS_UNSAID_MAX)
		guest->is_gone = 1;
}

void
guests_say(struct guests *g)
{
	struct guest *guest;
	ssize_t r;
	size_t i;

	for (i = 0; i < g->count; i++) {
		guest = g->list[i];
		if (guest->is_gone || guest->said == guest->unsaid.len)
			continue;
		r = send(guest->fd, guest->unsaid.s + guest->said,
		    guest->unsaid.len - guest->said, MSG_NOSIGNAL | MSG_DONTWAIT);
		if (r > 0)
			guest->said += (size_t)r;
		else if (errno != EAGAIN && errno != EINTR)
			guest->is_gone = 1;
		if (guest->said == guest->unsaid.len)
			guest->said = guest->unsaid.len = 0;
	}
}

struct guest *
guests_gone(struct guests *g)
{
	struct guest *guest;
	size_t i;

	for (i = 0; i < g->count; i++)
		if (g->list[i]->is_gone) {
			guest = g->list[i];
			g->list[i] = g->list[--g->count];
			return guest;
		}
	return NULL;
}

void
guests_free(struct guest *guest)
{
	close(guest->fd);
	stralloc_free(&guest->heard);
	stralloc_free(&guest->unsaid);
	free(guest);
}
