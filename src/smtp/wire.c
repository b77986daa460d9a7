#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdarg.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "lib/deadline.h"
#include "lib/keepalive.h"
#include "lib/line.h"
#include "lib/linger.h"
#include "smtp/wire.h"

#define SILENCE 10 /* seconds, beyond which more is done for a client than to wait */

void
wire_open(struct wire *ch, int in, int out, unsigned timeout, unsigned whole)
{
	unsigned silence = timeout < SILENCE ? timeout : SILENCE;
	struct timeval tv = {.tv_sec = silence};

	if (whole)
		ch->until = deadline_now() + whole * INT64_C(1000);
	ch->in = in;
	ch->timeout = timeout;
	/* spares a poll before each read */
	ch->silence =
	    setsockopt(in, SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof tv) == 0 ? silence : 0;
	output_open(&ch->out, out, timeout, ch->replies, sizeof ch->replies);
}

void
wire_hurry(struct wire *ch, unsigned seconds)
{
	ch->early = deadline_now() + seconds * INT64_C(1000);
}

void
wire_settle(struct wire *ch)
{
	ch->early = 0;
}

int
wire_hurried(const struct wire *ch)
{
	return ch->early && deadline_now() >= ch->early;
}

int
wire_expired(const struct wire *ch)
{
	return ch->until && deadline_now() >= ch->until;
}

unsigned
wire_seconds(const struct wire *ch)
{
	int64_t now = deadline_now(), left = ch->until ? ch->until - now : INT64_MAX;

	if (ch->early && ch->early - now < left)
		left = ch->early - now;
	if (left <= 0)
		return 0;
	left = (left - 1) / 1000 + 1;
	return left < ch->timeout ? left : ch->timeout;
}

static ssize_t
read_in_time(struct wire *ch, char *buf, size_t len)
{
	unsigned seconds = wire_seconds(ch);
	ssize_t r;

	if (seconds && ch->silence && seconds >= ch->silence) {
		do
			r = read(ch->in, buf, len);
		while (r == -1 && errno == EINTR);
		if (r != -1 || errno != EAGAIN)
			return r;
		/* one that does not block has not waited */
		if (!(fcntl(ch->in, F_GETFL) & O_NONBLOCK))
			seconds -= ch->silence;
		if (ch->rest != NULL)
			ch->rest(ch->whose);
		/* only who is silent may have vanished */
		if (!ch->is_watched)
			keepalive_begin(ch->in);
		ch->is_watched = 1;
	}
	if (!seconds) {
		errno = ETIMEDOUT;
		return -1;
	}
	return deadline_read(ch->in, buf, len, seconds);
}

int
wire_flush(struct wire *ch)
{
	return output_flush(&ch->out);
}

void
wire_say(struct wire *ch, ...)
{
	va_list ap;

	va_start(ap, ch);
	output_say_all(&ch->out, ap);
	va_end(ap);
	output_put(&ch->out, "\r\n", 2);
}

ssize_t
wire_fill(struct wire *ch, size_t max)
{
	ssize_t r;

	if (wire_flush(ch) == -1)
		return -1;
	if (ch->start) {
		memmove(ch->input, ch->input + ch->start, ch->end - ch->start);
		ch->end -= ch->start;
		ch->start = 0;
	}
	r = read_in_time(ch, ch->input + ch->end, max - ch->end);
	if (r > 0)
		ch->end += r;
	return r;
}

void
wire_discard(struct wire *ch)
{
	ch->start = ch->end = 0;
}

/* The first record of a handshake, of any version: RFC 8446, 5.1 */
static int
is_tls(const struct wire *ch)
{
	const char *s = ch->input + ch->start;

	return ch->end - ch->start >= 2 && s[0] == 22 && s[1] == 3;
}

/* Take the line of len bytes, "\n" not counted, that waits. */
static int
take_line(struct wire *ch, const char **line, size_t *len, size_t taken)
{
	*line = ch->input + ch->start;
	*len = taken;
	ch->start += taken + 1;
	return taken < WIRE_LINE_MAX ? LINE_OK : LINE_LONG;
}

int
wire_line(struct wire *ch, const char **line, size_t *len)
{
	const char *newline;
	int64_t until = 0;
	size_t seen = 0;
	int overlong = 0;
	ssize_t r;

	for (;;) {
		if (!overlong && is_tls(ch))
			return WIRE_LINE_TLS;
		newline = memchr(
		    ch->input + ch->start + seen, '\n', ch->end - ch->start - seen);
		if (newline != NULL) {
			r = take_line(ch, line, len, newline - ch->input - ch->start);
			if (!overlong)
				return r;
			*line = ch->head;
			*len = sizeof ch->head;
			return LINE_LONG;
		}
		seen = ch->end - ch->start;
		if (seen >= WIRE_LINE_MAX) {
			if (!overlong)
				memcpy(ch->head, ch->input + ch->start, sizeof ch->head);
			ch->start = ch->end = seen = 0;
			overlong = 1;
		}
		/* A byte now and then must not hold us longer than nothing at all. */
		if (!until && seen + overlong)
			until = deadline_now() + ch->timeout * INT64_C(1000);
		else if (until && deadline_now() >= until) {
			errno = ETIMEDOUT;
			return LINE_ERROR;
		}
		r = wire_fill(ch, WIRE_LINE_MAX);
		if (r <= 0)
			return r ? LINE_ERROR : LINE_EOF;
	}
}

void
wire_linger(struct wire *ch)
{
	if (wire_flush(ch) == 0)
		linger(ch->in, ch->out.fd);
}
