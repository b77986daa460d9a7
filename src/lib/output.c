#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include "lib/deadline.h"
#include "lib/output.h"

void
output_open(struct output *o, int fd, unsigned seconds, char *s, size_t size)
{
	*o = (struct output){.fd = fd, .seconds = seconds, .s = s, .size = size};
}

/* Most often a socket takes it at once, which spares a poll. */
static ssize_t
write_in_time(struct output *o, const char *s, size_t len)
{
	ssize_t r = -1;

	if (!o->is_no_socket) {
		r = send(o->fd, s, len, MSG_DONTWAIT | MSG_NOSIGNAL);
		o->is_no_socket = r == -1 && errno == ENOTSOCK;
	}
	if (r != -1 || !(o->is_no_socket || errno == EAGAIN || errno == EINTR))
		return r;
	return deadline_write(o->fd, s, len, o->seconds);
}

int
output_flush(struct output *o)
{
	size_t done = 0;
	ssize_t r;

	while (done < o->len && !o->failed) {
		r = write_in_time(o, o->s + done, o->len - done);
		if (r == -1)
			o->failed = errno;
		else
			done += (size_t)r;
	}
	o->len = 0;
	if (!o->failed)
		return 0;
	errno = o->failed;
	return -1;
}

char *
output_room(struct output *o, size_t len)
{
	if (len > o->size - o->len)
		output_flush(o);
	return o->s + o->len;
}

void
output_put(struct output *o, const char *s, size_t len)
{
	size_t n;

	for (; len > 0; s += n, len -= n) {
		if (o->len == o->size)
			output_flush(o);
		n = o->size - o->len;
		if (n > len)
			n = len;
		memcpy(o->s + o->len, s, n);
		o->len += n;
	}
}

void
output_say_all(struct output *o, va_list strings)
{
	const char *s;

	while ((s = va_arg(strings, const char *)) != NULL)
		output_put(o, s, strlen(s));
}

void
output_say(struct output *o, ...)
{
	va_list ap;

	va_start(ap, o);
	output_say_all(o, ap);
	va_end(ap);
}
