#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdarg.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "lib/deadline.h"
#include "lib/line.h"
#include "receive/smtp_channel.h"

#define LINGER_TIME 5000     /* milliseconds */
#define LINGER_BYTES 1048576 /* that a client may still send */

/* A socket that keeps time by itself spares a poll before each read and write. */
static int
keeps_time(int fd, int option, unsigned seconds)
{
	struct timeval tv = {.tv_sec = seconds};

	return !setsockopt(fd, SOL_SOCKET, option, &tv, sizeof tv);
}

void
smtp_channel_open(
    struct smtp_channel *ch, int in, int out, unsigned timeout, unsigned whole)
{
	if (whole)
		ch->until = deadline_now() + whole * INT64_C(1000);
	ch->in = in;
	ch->out = out;
	ch->timeout = timeout;
	ch->reads_in_time = keeps_time(in, SO_RCVTIMEO, timeout);
	ch->writes_in_time = keeps_time(out, SO_SNDTIMEO, timeout);
}

int
smtp_channel_expired(const struct smtp_channel *ch)
{
	return ch->until && deadline_now() >= ch->until;
}

unsigned
smtp_channel_seconds(const struct smtp_channel *ch)
{
	int64_t left = ch->until ? ch->until - deadline_now() : INT64_MAX;

	if (left <= 0)
		return 0;
	left = (left - 1) / 1000 + 1;
	return left < ch->timeout ? left : ch->timeout;
}

static ssize_t
read_in_time(struct smtp_channel *ch, char *buf, size_t len)
{
	unsigned seconds = smtp_channel_seconds(ch);
	ssize_t r;

	if (!seconds) {
		errno = ETIMEDOUT;
		return -1;
	}
	if (ch->reads_in_time && seconds == ch->timeout) {
		do
			r = read(ch->in, buf, len);
		while (r == -1 && errno == EINTR);
		if (r != -1 || errno != EAGAIN)
			return r;
		if (!(fcntl(ch->in, F_GETFL) & O_NONBLOCK)) {
			errno = ETIMEDOUT;
			return -1;
		}
	}
	return deadline_read(ch->in, buf, len, seconds);
}

static ssize_t
write_in_time(struct smtp_channel *ch, const char *buf, size_t len)
{
	ssize_t r;

	if (ch->writes_in_time) {
		do
			r = write(ch->out, buf, len);
		while (r == -1 && errno == EINTR);
		if (r != -1 || errno != EAGAIN)
			return r;
		if (!(fcntl(ch->out, F_GETFL) & O_NONBLOCK)) {
			errno = ETIMEDOUT;
			return -1;
		}
	}
	return deadline_write(ch->out, buf, len, ch->timeout);
}

int
smtp_channel_flush(struct smtp_channel *ch)
{
	size_t done = 0;
	ssize_t r;

	while (done < ch->used && !ch->broken) {
		r = write_in_time(ch, ch->output + done, ch->used - done);
		if (r == -1)
			ch->broken = errno;
		else
			done += r;
	}
	ch->used = 0;
	if (!ch->broken)
		return 0;
	errno = ch->broken;
	return -1;
}

void
smtp_channel_say(struct smtp_channel *ch, ...)
{
	const char *s, *end = "\r\n";
	size_t len, piece;
	va_list ap;

	va_start(ap, ch);
	do {
		s = va_arg(ap, const char *);
		if (!s) {
			s = end;
			end = NULL;
		}
		for (len = strlen(s); len; len -= piece, s += piece) {
			if (ch->used == sizeof ch->output && smtp_channel_flush(ch) == -1)
				break;
			piece = sizeof ch->output - ch->used;
			if (piece > len)
				piece = len;
			memcpy(ch->output + ch->used, s, piece);
			ch->used += piece;
		}
	} while (end);
	va_end(ap);
}

ssize_t
smtp_channel_fill(struct smtp_channel *ch, size_t max)
{
	ssize_t r;

	if (smtp_channel_flush(ch) == -1)
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
smtp_channel_discard(struct smtp_channel *ch)
{
	ch->start = ch->end = 0;
}

/* The first record of a handshake, of any version: RFC 8446, 5.1 */
static int
is_tls(const struct smtp_channel *ch)
{
	const char *s = ch->input + ch->start;

	return ch->end - ch->start >= 2 && s[0] == 22 && s[1] == 3;
}

/* Take the line of len bytes, "\n" not counted, that waits. */
static int
take_line(struct smtp_channel *ch, const char **line, size_t *len, size_t taken)
{
	*line = ch->input + ch->start;
	*len = taken;
	ch->start += taken + 1;
	return taken < SMTP_LINE_MAX ? LINE_OK : LINE_LONG;
}

int
smtp_channel_line(struct smtp_channel *ch, const char **line, size_t *len)
{
	const char *newline;
	int64_t until = 0;
	size_t seen = 0;
	int overlong = 0;
	ssize_t r;

	for (;;) {
		if (!overlong && is_tls(ch))
			return SMTP_LINE_TLS;
		newline = memchr(
		    ch->input + ch->start + seen, '\n', ch->end - ch->start - seen);
		if (newline) {
			r = take_line(ch, line, len, newline - ch->input - ch->start);
			if (!overlong)
				return r;
			*line = ch->head;
			*len = sizeof ch->head;
			return LINE_LONG;
		}
		seen = ch->end - ch->start;
		if (seen >= SMTP_LINE_MAX) {
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
		r = smtp_channel_fill(ch, SMTP_LINE_MAX);
		if (r <= 0)
			return r ? LINE_ERROR : LINE_EOF;
	}
}

void
smtp_channel_linger(struct smtp_channel *ch)
{
	int64_t until = deadline_now() + LINGER_TIME;
	size_t left = LINGER_BYTES;
	ssize_t r;

	if (smtp_channel_flush(ch) == -1 || shutdown(ch->out, SHUT_WR) == -1)
		return;
	while (left >= sizeof ch->input && !deadline_wait(ch->in, POLLIN, until)) {
		r = read(ch->in, ch->input, sizeof ch->input);
		if (r <= 0)
			break;
		left -= r;
	}
}
