#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>

#include <errmsg.h>

#include "lib/deadline.h"
#include "lib/netstring.h"
#include "lib/queue_answer.h"
#include "lib/sink_told.h"
#include "lib/text.h"
#include "lib/verdict.h"
#include "origin/giver.h"

/* Returns 0; or -1 with errno, EPIPE when there is nothing more. */
static int
hear(struct giver *giver)
{
	int64_t until;
	ssize_t r;

	do {
		r = recv(giver->fd, giver->block, sizeof giver->block, MSG_DONTWAIT);
		if (r == -1 && errno == EAGAIN) {
			until = deadline_now() + GIVER_SECONDS * INT64_C(1000);
			if (deadline_wait(giver->fd, POLLIN, until) == -1)
				return -1;
			giver->since = deadline_now();
			errno = EINTR;
		}
	} while (r == -1 && errno == EINTR);
	if (r == 0)
		errno = EPIPE;
	giver->start = 0;
	giver->end = r > 0 ? (size_t)r : 0;
	return r > 0 ? 0 : -1;
}

/* What he tells of the message comes once, before it. */
static int
take_told(struct giver *giver)
{
	const stralloc *text = &giver->exchange.text;

	if (giver->is_told || text->s[0] != 'E' ||
	    !sink_told_take(text->s + 1, text->len - 1))
		return 0;
	giver->is_told = 1;
	exchange_clear(&giver->exchange);
	return 1;
}

/* Take more of what he says.  Returns 0, or -1 with errno. */
static int
take(struct giver *giver)
{
	enum exchange_event event;

	if (giver->start == giver->end && hear(giver) == -1)
		return -1;
	giver->start += exchange_take(&giver->exchange, giver->block + giver->start,
	    giver->end - giver->start, &event);
	if (event == EXCHANGE_MESSAGE)
		giver->is_over = 1;
	if (event == EXCHANGE_MORE || event == EXCHANGE_MESSAGE ||
	    (event == EXCHANGE_REQUEST && take_told(giver)))
		return 0;
	errno = EPROTO;
	return -1;
}

int
giver_begin(struct giver *giver, int fd)
{
	giver->fd = fd;
	giver->since = deadline_now();
	giver->is_told = giver->is_given = giver->is_over = 0;
	giver->start = giver->end = 0;
	giver->exchange.unbound = 1;
	sink_told_take(NULL, 0);
	while (giver->exchange.expects == EXCHANGE_BEGIN)
		if (take(giver) == -1)
			return errno == EPIPE && !giver->is_told &&
				       !exchange_is_begun(&giver->exchange)
				   ? 0
				   : -1;
	return 1;
}

ssize_t
giver_read(struct giver *giver, const char **s)
{
	stralloc *message = &giver->exchange.message;

	/* what came with the request has not been given yet */
	if (giver->is_given)
		message->len = 0;
	while (message->len == 0) {
		if (giver->exchange.expects == EXCHANGE_ENVELOPE)
			return 0;
		if (take(giver) == -1)
			return -1;
	}
	giver->is_given = 1;
	*s = message->s;
	return (ssize_t)message->len;
}

const stralloc *
giver_envelope(struct giver *giver)
{
	while (!giver->is_over)
		if (take(giver) == -1)
			return NULL;
	return &giver->exchange.text;
}

int
giver_waits(const struct giver *giver)
{
	struct pollfd poller = {.fd = giver->fd};

	return poll(&poller, 1, 0) == -1 || !(poller.revents & POLLHUP);
}

void
giver_answer(const struct giver *giver, int verdict, const char *text)
{
	const char letter = verdict_letter(verdict);
	stralloc words = {0}, answer = {0};

	text_catb(&words, &letter, 1);
	text_cat_printable(&words, text, strlen(text), QUEUE_ANSWER_MAX - 1);
	netstring_put(&answer, words.s, words.len);
	if (send(giver->fd, answer.s, answer.len, MSG_NOSIGNAL | MSG_DONTWAIT) == -1)
		carpsys("unable to answer");
	stralloc_free(&words);
	stralloc_free(&answer);
}

void
giver_end(struct giver *giver)
{
	exchange_clear(&giver->exchange);
}
