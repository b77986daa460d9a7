#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>

#include "lib/deadline.h"
#include "lib/queue_answer.h"
#include "lib/queueid.h"

#define SILENCE 10 /* seconds for which a read waits by itself */

int
queue_answer_prepare(int fd)
{
	struct timeval silence = {.tv_sec = SILENCE};

	return setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &silence, sizeof silence);
}

/*
 * Read some: the bytes, 0 when there are none yet, or -1 with errno.  To wait in the read
 * is much cheaper than in a poll before it.
 */
static ssize_t
receive(int fd, char *s, size_t len, int64_t at)
{
	ssize_t r;

	if (at - deadline_now() < SILENCE * 1000 && deadline_wait(fd, POLLIN, at) == -1)
		return -1;
	r = recv(fd, s, len, 0);
	if (r == 0)
		errno = EPIPE;
	if (r > 0)
		return r;
	return r == -1 && (errno == EINTR || errno == EAGAIN) ? 0 : -1;
}

ssize_t
queue_answer_read(int fd, char s[QUEUE_ANSWER_ROOM], size_t *start, int64_t at)
{
	size_t len = 0, size;
	ssize_t r, whole = 0;

	*start = 0;
	while (whole == 0) {
		r = receive(fd, s + len, QUEUE_ANSWER_ROOM - len, at);
		if (r == -1)
			return -1;
		len += (size_t)r;
		whole = netstring_scan(s, len, QUEUE_ANSWER_MAX, start, &size);
	}
	/* nothing has been asked that something behind it could answer */
	return whole == -1 || (size_t)whole != len ? 0 : (ssize_t)size;
}

int
queue_answer_accepts(const char *s, size_t len, const char *id)
{
	char named[QUEUEID_LEN + 1];

	if (len != 1 + QUEUEID_LEN || s[0] != 'K')
		return 0;
	memcpy(named, s + 1, QUEUEID_LEN);
	named[QUEUEID_LEN] = '\0';
	return queueid_is(named) && (*id == '\0' || strcmp(named, id) == 0);
}
