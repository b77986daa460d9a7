#include <fcntl.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <errmsg.h>

#include "finding/trigger_read.h"
#include "lib/queueid.h"

#define WANTED_SIZE 1048576 /* bytes; what Linux lets everybody have */

/* For reading and writing, so that it has no end when the last injector closes it. */
void
trigger_read_open(struct trigger_read *t)
{
	struct stat st;

	t->fd = open("queue/trigger", O_RDWR | O_NONBLOCK | O_CLOEXEC);
	if (t->fd != -1 && fstat(t->fd, &st) == 0 && !S_ISFIFO(st.st_mode)) {
		close(t->fd);
		t->fd = -1;
	}
	if (t->fd == -1) {
		carp("without queue/trigger, new messages are looked for");
		return;
	}
	fcntl(t->fd, F_SETPIPE_SZ, WANTED_SIZE);
	t->capacity = fcntl(t->fd, F_GETPIPE_SZ);
}

/* The kernel may call a pipe full that is not, for it counts in pages. */
int
trigger_read_hear(struct trigger_read *t)
{
	int there = 0, overfull;
	ssize_t r;

	t->len -= t->start;
	memmove(t->buf, t->buf + t->start, t->len);
	t->start = 0;
	if (t->len == sizeof t->buf)
		t->len = 0; /* no line of ours is so long */
	overfull = ioctl(t->fd, FIONREAD, &there) == -1 || there > t->capacity / 2;
	r = read(t->fd, t->buf + t->len, sizeof t->buf - t->len);
	if (r > 0)
		t->len += r;
	return overfull;
}

const char *
trigger_read_next(struct trigger_read *t)
{
	char *line, *end;

	while ((end = memchr(t->buf + t->start, '\n', t->len - t->start)) != NULL) {
		line = t->buf + t->start;
		*end = '\0';
		t->start = end + 1 - t->buf;
		if (queueid_is(line))
			return line;
		t->reread |= strcmp(line, "reread") == 0;
	}
	return NULL;
}

int
trigger_read_has_more(const struct trigger_read *t)
{
	return memchr(t->buf + t->start, '\n', t->len - t->start) != NULL;
}
