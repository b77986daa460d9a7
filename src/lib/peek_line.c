#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/deadline.h"
#include "lib/peek_line.h"

#define PIECE 256

/* Take the next piece of the line, its "\n" included.  As read(2). */
static ssize_t
take(int fd, char *s)
{
	char *end;
	ssize_t r;

	r = recv(fd, s, PIECE, MSG_PEEK);
	if (r == -1 && errno == ENOTSOCK)
		return read(fd, s, 1);
	if (r <= 0)
		return r;
	end = memchr(s, '\n', (size_t)r);
	return read(fd, s, end != NULL ? (size_t)(end - s + 1) : (size_t)r);
}

int
peek_line(int fd, char *s, size_t max, size_t *len, int64_t due)
{
	char piece[PIECE];
	size_t n, room;
	int r, is_long = 0, begun = 0;
	ssize_t got;

	*len = 0;
	for (;;) {
		if (deadline_wait(fd, POLLIN, due) == -1)
			return LINE_ERROR;
		got = take(fd, piece);
		if (got == -1 && (errno == EINTR || errno == EAGAIN))
			continue;
		if (got == 0 && begun)
			errno = EPROTO;
		if (got <= 0)
			return got == 0 && !begun ? LINE_EOF : LINE_ERROR;
		begun = 1;
		r = piece[got - 1] == '\n';
		n = (size_t)(got - r);
		room = max - *len;
		is_long |= n > room;
		memcpy(s + *len, piece, n < room ? n : room);
		*len += n < room ? n : room;
		explicit_bzero(piece, sizeof(piece)); /* it may be a password */
		if (r)
			return is_long ? LINE_LONG : LINE_OK;
	}
}
