#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>

#include "lib/deadline.h"
#include "lib/queue_answer.h"
#include "lib/queueid.h"

ssize_t
queue_answer_read(int fd, char s[QUEUE_ANSWER_ROOM], size_t *start, int64_t at)
{
	size_t len = 0, size;
	ssize_t r, whole = 0;

	*start = 0;
	while (whole == 0) {
		if (deadline_wait(fd, POLLIN, at) == -1)
			return -1;
		r = recv(fd, s + len, QUEUE_ANSWER_ROOM - len, MSG_DONTWAIT);
		if (r == 0)
			errno = EPIPE;
		if (r == 0 || (r == -1 && errno != EINTR && errno != EAGAIN))
			return -1;
		if (r > 0)
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
