#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include "lib/deadline.h"
#include "lib/netstring.h"
#include "lib/text.h"

#define LENGTH_ROOM (NETSTRING_LENGTH_DIGITS + 1) /* with the colon */

void
netstring_put(stralloc *sa, const char *s, size_t len)
{
	char n[DECIMAL_MAX];

	text_cat(sa, text_decimal(n, len), ":", (char *)NULL);
	text_catb(sa, s, len);
	text_catb(sa, ",", 1);
}

/* Read exactly len bytes.  Returns 1, 0 at the end of file, -1 with errno. */
static int
read_exactly(int fd, char *s, size_t len, unsigned seconds)
{
	ssize_t r;

	while (len > 0) {
		r = deadline_read(fd, s, len, seconds);
		if (r <= 0)
			return (int)r;
		s += r;
		len -= (size_t)r;
	}
	return 1;
}

/*
 * Read on towards the colon, but not beyond it, since what follows may belong to another
 * reader: on a socket as much as is there, elsewhere one byte.
 */
static ssize_t
read_length(int fd, char *s, size_t room, unsigned seconds)
{
	ssize_t r = recv(fd, s, room, MSG_PEEK | MSG_DONTWAIT);
	const char *colon;

	if (r <= 0)
		return deadline_read(fd, s, 1, seconds);
	colon = memchr(s, ':', (size_t)r);
	if (colon != NULL)
		r = colon + 1 - s;
	return deadline_read(fd, s, (size_t)r, seconds);
}

/* The rest of a netstring of which n bytes stand in length. */
static int
read_rest(int fd, char *length, size_t n, stralloc *sa, size_t max, unsigned seconds)
{
	size_t size;
	ssize_t r;

	while (
	    (r = netstring_scan_length(length, n, max, &size)) == 0 && n < LENGTH_ROOM) {
		r = read_length(fd, length + n, LENGTH_ROOM - n, seconds);
		if (r == 0)
			errno = EPROTO;
		if (r <= 0)
			return -1;
		n += (size_t)r;
	}
	if (r <= 0) {
		errno = EPROTO;
		return -1;
	}
	text_room(sa, size + 1);
	r = read_exactly(fd, sa->s, size + 1, seconds);
	if (r == 0 || (r == 1 && sa->s[size] != ',')) {
		errno = EPROTO;
		return -1;
	}
	sa->len = size;
	return (int)r;
}

int
netstring_read(int fd, stralloc *sa, size_t max, unsigned seconds)
{
	char length[LENGTH_ROOM];
	ssize_t r = read_length(fd, length, sizeof(length), seconds);

	return r <= 0 ? (int)r : read_rest(fd, length, (size_t)r, sa, max, seconds);
}

int
netstring_read_on(int fd, char first, stralloc *sa, size_t max, unsigned seconds)
{
	char length[LENGTH_ROOM] = {first};

	return read_rest(fd, length, 1, sa, max, seconds);
}
