#include "queue/queue_trigger.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <errmsg.h>

#include "lib/queueid.h"
#include "lib/verdict.h"

#define WANTED_SIZE 1048576 /* bytes; what Linux lets everybody have */

/* For reading and writing, so that it has no end when the last injector closes it. */
static int
open_fifo(void)
{
	return open("queue/trigger", O_RDWR | O_NONBLOCK | O_CLOEXEC);
}

/* Injectors have its group; what is made in queue has another one only for root. */
static int
make_fifo(void)
{
	struct stat new;

	if (mkfifo("queue/trigger", 0600) == -1 ||
	    (stat("queue/new", &new) == 0 &&
		chown("queue/trigger", -1, new.st_gid) == -1) ||
	    chmod("queue/trigger", 0620) == -1) {
		carpsys("unable to make queue/trigger, new messages are looked for");
		return -1;
	}
	carp("queue/trigger was missing, it is made");
	return open_fifo();
}

void
queue_trigger_open(struct queue_trigger *t)
{
	struct stat st;

	t->fd = open_fifo();
	if (t->fd == -1 && errno == ENOENT) {
		t->fd = make_fifo();
		if (t->fd == -1)
			return;
	}
	if (t->fd == -1 || fstat(t->fd, &st) == -1)
		diesys(DEFER, "unable to open queue/trigger");
	if (!S_ISFIFO(st.st_mode))
		die(DEFER, "queue/trigger is not a FIFO");
	fcntl(t->fd, F_SETPIPE_SZ, WANTED_SIZE);
	t->capacity = fcntl(t->fd, F_GETPIPE_SZ);
}

/* The kernel may call a pipe full that is not, for it counts in pages. */
int
queue_trigger_hear(struct queue_trigger *t)
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
queue_trigger_next(struct queue_trigger *t)
{
	char *line, *end;

	while ((end = memchr(t->buf + t->start, '\n', t->len - t->start))) {
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
queue_trigger_has_more(const struct queue_trigger *t)
{
	return memchr(t->buf + t->start, '\n', t->len - t->start) != NULL;
}
