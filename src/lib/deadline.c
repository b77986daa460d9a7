#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "lib/deadline.h"

int64_t
deadline_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int
deadline_poll(struct pollfd *pollers, size_t n, int64_t at)
{
	int64_t left;
	int r;

	for (;;) {
		left = at - deadline_now();
		if (left < 0)
			left = 0;
		r = poll(pollers, n, left > INT_MAX ? INT_MAX : (int)left);
		if (r > 0)
			return r;
		if (r == -1 && errno != EINTR)
			return -1;
		if (r == 0 && left <= INT_MAX) {
			errno = ETIMEDOUT;
			return -1;
		}
	}
}

int
deadline_wait(int fd, short events, int64_t at)
{
	struct pollfd poller = {.fd = fd, .events = events};

	return deadline_poll(&poller, 1, at) == -1 ? -1 : 0;
}

ssize_t
deadline_read(int fd, void *buf, size_t len, unsigned seconds)
{
	int64_t at = deadline_now() + (int64_t)seconds * 1000;
	ssize_t r;

	for (;;) {
		if (deadline_wait(fd, POLLIN, at) == -1)
			return -1;
		r = read(fd, buf, len);
		if (r != -1 || (errno != EINTR && errno != EAGAIN))
			return r;
	}
}

/* As much of buf as goes without blocking, on a descriptor that poll(2) calls writable.
 */
static ssize_t
write_some(int fd, const void *buf, size_t len)
{
	ssize_t r;

	r = send(fd, buf, len, MSG_DONTWAIT);
	if (r != -1 || errno != ENOTSOCK)
		return r;
	/* a blocking write of more to a pipe would wait for its reader, however long */
	if (len > PIPE_BUF && !(fcntl(fd, F_GETFL) & O_NONBLOCK))
		len = PIPE_BUF;
	return write(fd, buf, len);
}

ssize_t
deadline_write(int fd, const void *buf, size_t len, unsigned seconds)
{
	int64_t at = deadline_now() + (int64_t)seconds * 1000;
	ssize_t r;

	for (;;) {
		if (deadline_wait(fd, POLLOUT, at) == -1)
			return -1;
		r = write_some(fd, buf, len);
		if (r != -1 || (errno != EINTR && errno != EAGAIN))
			return r;
	}
}

int
deadline_write_all(int fd, const void *buf, size_t len, unsigned seconds)
{
	const char *s = buf;
	ssize_t r;

	while (len > 0) {
		r = deadline_write(fd, s, len, seconds);
		if (r == -1)
			return -1;
		s += r;
		len -= (size_t)r;
	}
	return 0;
}
