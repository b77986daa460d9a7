#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "lib/deadline.h"
#include "lib/text.h"
#include "milter/milter_channel.h"
#include "milter/milter_connect.h"
#include "milter/milter_packet.h"

#define READ_BYTES 65536

/* Seconds that are left until the time at, rounded up. */
static unsigned
seconds_to(int64_t at)
{
	int64_t left = at - deadline_now();

	return left > 0 ? (unsigned)((left + 999) / 1000) : 0;
}

int
milter_channel_open(struct milter_channel *c, const char *address)
{
	unsigned seconds = seconds_to(milter_channel_due(c, 1));

	c->heard.len = c->taken = c->out.len = 0;
	c->fd = milter_connect(address, seconds, &c->why);
	return c->fd == -1 ? -1 : 0;
}

int
milter_channel_lose(struct milter_channel *c, const char *why)
{
	int saved = errno;

	if (c->fd != -1)
		close(c->fd);
	c->fd = -1;
	c->why = why;
	errno = saved;
	return -1;
}

int
milter_channel_is_astray(const struct milter_channel *c)
{
	struct pollfd poller = {.fd = c->fd, .events = POLLIN};

	return c->heard.len > c->taken || poll(&poller, 1, 0) == 1;
}

/* Write all of out until the time at, whatever a milter takes of it each time: 0, or -1.
 */
static int
write_until(struct milter_channel *c, int64_t at)
{
	size_t done = 0;
	ssize_t r;

	while (done < c->out.len) {
		r = deadline_write(
		    c->fd, c->out.s + done, c->out.len - done, seconds_to(at));
		if (r == -1)
			return -1;
		done += (size_t)r;
	}
	return 0;
}

int
milter_channel_send(struct milter_channel *c)
{
	int r;

	errno = 0;
	if (milter_channel_is_astray(c))
		return milter_channel_lose(c, "the milter answers what it was not asked");
	r = write_until(c, milter_channel_due(c, 1));
	c->out.len = 0;
	return r == -1 ? milter_channel_lose(c, "unable to write to the milter") : 0;
}

int64_t
milter_channel_due(const struct milter_channel *c, unsigned times)
{
	int64_t at = deadline_now() + (int64_t)c->seconds * 1000 * times;

	return c->last != 0 && c->last < at ? c->last : at;
}

/* Read more, until the time at.  Returns 0, or -1. */
static int
read_more(struct milter_channel *c, int64_t at)
{
	ssize_t r;

	c->heard.len -= c->taken;
	if (c->heard.len > 0)
		memmove(c->heard.s, c->heard.s + c->taken, c->heard.len);
	c->taken = 0;
	text_room(&c->heard, c->heard.len + READ_BYTES);
	if (deadline_wait(c->fd, POLLIN, at) == -1)
		return milter_channel_lose(c, "the milter does not answer");
	r = read(c->fd, c->heard.s + c->heard.len, READ_BYTES);
	if (r == -1 && (errno == EINTR || errno == EAGAIN))
		return 0;
	if (r <= 0) {
		errno = r == 0 ? 0 : errno;
		return milter_channel_lose(c, "the milter has ended the connection");
	}
	c->heard.len += (size_t)r;
	return 0;
}

int
milter_channel_hear(
    struct milter_channel *c, int64_t at, char *command, const char **data, size_t *len)
{
	long n;

	while ((n = milter_packet_take(c->heard.s + c->taken, c->heard.len - c->taken,
		    command, data, len)) == 0)
		if (read_more(c, at) == -1)
			return -1;
	errno = 0;
	if (n == -1)
		return milter_channel_lose(c, "the milter says what is no packet");
	c->taken += (size_t)n;
	return 0;
}
