#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/deadline.h"
#include "lib/durable.h"
#include "lib/sync_files.h"
#include "lib/syncer.h"

#define PART 250 /* descriptors in one message: Linux takes 253, musl 252 */
#define MORE 'm' /* parts of a request: others follow, */
#define LAST 'l' /* it is whole */

union rights {
	struct cmsghdr header;
	char space[CMSG_SPACE(PART * sizeof(int))];
};

/* What the child has been asked for. */
struct request {
	int fds[SYNCER_MAX];
	size_t count;
	int error; /* not all have come */
};

/* Linux 5.8 or newer: before, syncfs(2) keeps failed writes to itself. */
static int
tells_failures(void)
{
	static int known; /* a cache: 1 yes, -1 no */
	struct utsname name;
	char *end;

	if (known == 0) {
		long major = 0, minor = 0;

		if (uname(&name) == 0) {
			major = strtol(name.release, &end, 10);
			if (*end == '.')
				minor = strtol(end + 1, NULL, 10);
		}
		known = major > 5 || (major == 5 && minor >= 8) ? 1 : -1;
	}
	return known == 1;
}

int
syncer_fits(int fd)
{
	return tells_failures() && durable_syncs_whole(fd);
}

/* Sync the files of a request, and close them.  Returns 0, or an error; one that nobody
 * else will be told is negative. */
static int
obey(struct request *q)
{
	int error = q->error, r;
	size_t i;

	if (error == 0) {
		r = sync_files(q->fds, q->count);
		error = r == 0 ? 0 : r == SYNC_FILES_LOST ? -errno : errno;
	}
	for (i = 0; i < q->count; i++)
		close(q->fds[i]);
	q->count = 0;
	q->error = 0;
	return error;
}

static void
take_part(struct request *q, struct msghdr *message)
{
	struct cmsghdr *header = CMSG_FIRSTHDR(message);
	size_t i, count;
	int fd;

	if ((message->msg_flags & MSG_CTRUNC) != 0 || header == NULL ||
	    header->cmsg_type != SCM_RIGHTS)
		q->error = EMFILE;
	count = header == NULL ? 0 : (header->cmsg_len - CMSG_LEN(0)) / sizeof(fd);
	for (i = 0; i < count; i++) {
		memcpy(&fd, CMSG_DATA(header) + i * sizeof(fd), sizeof(fd));
		if (q->count < SYNCER_MAX)
			q->fds[q->count++] = fd;
		else
			close(fd);
	}
}

/* The child's life: requests on descriptor 0 until its parent is gone. */
static void
serve(void)
{
	static struct request request; /* the child's only one */
	union rights rights;
	char byte;
	struct iovec part = {.iov_base = &byte, .iov_len = 1};
	struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
	ssize_t r;
	int error;

	for (;;) {
		message.msg_control = rights.space;
		message.msg_controllen = sizeof(rights.space);
		r = recvmsg(0, &message, MSG_CMSG_CLOEXEC);
		if (r == -1 && errno == EINTR)
			continue;
		if (r <= 0)
			return;
		take_part(&request, &message);
		if (byte != LAST)
			continue;
		error = obey(&request);
		while (send(0, &error, sizeof(error), MSG_NOSIGNAL) == -1)
			if (errno != EINTR)
				return;
	}
}

/* Fork the child.  Returns 0, or -1 with errno. */
static int
start(struct syncer *s)
{
	int ends[2], saved;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) == -1)
		return -1;
	s->child = fork();
	if (s->child == 0) {
		signal(SIGTERM, SIG_DFL);
		signal(SIGINT, SIG_DFL);
		/* the peers of our parent must see it when that ends */
		if (dup2(ends[1], 0) == 0 && syscall(SYS_close_range, 1u, ~0u, 0u) == 0)
			serve();
		_exit(0);
	}
	saved = errno;
	close(ends[1]);
	if (s->child == -1) {
		s->child = 0;
		close(ends[0]);
		errno = saved;
		return -1;
	}
	s->fd = ends[0];
	s->is_late = 0;
	return 0;
}

static void
forget(struct syncer *s)
{
	close(s->fd);
	s->child = 0;
	s->is_begun = s->is_late = 0;
}

/* The child has ended; a caller that waits for all of its children may have it already.
 */
static void
bury(struct syncer *s)
{
	while (waitpid(s->child, NULL, 0) == -1 && errno == EINTR)
		;
	forget(s);
}

void
syncer_leave(struct syncer *s)
{
	if (s->child == 0)
		return;
	/* one that hangs in a sync can't be waited for, nor ended at once */
	kill(s->child, SIGKILL);
	waitpid(s->child, NULL, WNOHANG);
	forget(s);
}

/* The child's answer: 1 with its error; 0 when there is none yet; -1: it has died. */
static int
hear(struct syncer *s, int *error)
{
	ssize_t r;

	do
		r = recv(s->fd, error, sizeof(*error), MSG_DONTWAIT);
	while (r == -1 && errno == EINTR);
	if (r == sizeof(*error))
		return 1;
	return r == -1 && errno == EAGAIN ? 0 : -1;
}

static int
send_part(const struct syncer *s, const int *fds, size_t n, char byte)
{
	union rights rights;
	struct iovec part = {.iov_base = &byte, .iov_len = 1};
	struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
	struct cmsghdr *header;
	ssize_t r;

	memset(&rights, 0, sizeof(rights));
	message.msg_control = rights.space;
	message.msg_controllen = CMSG_SPACE(n * sizeof(*fds));
	header = CMSG_FIRSTHDR(&message);
	header->cmsg_level = SOL_SOCKET;
	header->cmsg_type = SCM_RIGHTS;
	header->cmsg_len = CMSG_LEN(n * sizeof(*fds));
	memcpy(CMSG_DATA(header), fds, n * sizeof(*fds));
	do
		r = sendmsg(s->fd, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
	while (r == -1 && errno == EINTR);
	return r == 1 ? 0 : -1;
}

/* Ask the child.  Returns 0; -1 with errno, and no child that has heard only a part. */
static int
ask(struct syncer *s, const int *fds, size_t n)
{
	size_t said = 0, part;
	int saved;

	for (; n > 0; fds += part, n -= part, said += part) {
		part = n < PART ? n : PART;
		if (send_part(s, fds, part, n > part ? MORE : LAST) == 0)
			continue;
		saved = errno;
		if (said > 0) {
			kill(s->child, SIGKILL);
			bury(s);
		}
		errno = saved;
		return -1;
	}
	return 0;
}

/* Is the child free for another sync?  Forgets one that has died. */
static int
is_free(struct syncer *s)
{
	int error;

	if (s->is_late)
		switch (hear(s, &error)) {
		case 0:
			return 0;
		case -1:
			bury(s);
		}
	s->is_late = 0;
	return 1;
}

int
syncer_begin(struct syncer *s, const int *fds, size_t n)
{
	if (n == 0 || n > SYNCER_MAX) {
		errno = EINVAL;
		return -1;
	}
	if (s->is_begun || !is_free(s)) {
		errno = EBUSY;
		return -1;
	}
	if (s->child == 0 && start(s) == -1)
		return -1;
	if (ask(s, fds, n) == -1) {
		if (errno != EPIPE && errno != ECONNRESET)
			return -1;
		if (s->child != 0)
			bury(s);
		if (start(s) == -1 || ask(s, fds, n) == -1)
			return -1;
	}
	s->is_begun = 1;
	s->until = deadline_now() + SYNCER_PATIENCE + (int64_t)n * SYNCER_PATIENCE_FILE;
	return 0;
}

int
syncer_end(struct syncer *s)
{
	int error = 0, r;

	if (!s->is_begun) {
		errno = EINVAL;
		return -1;
	}
	r = hear(s, &error);
	if (r == 0 && deadline_now() < s->until)
		return 0;
	s->is_begun = 0;
	if (r == 1 && error == 0)
		return 1;
	if (r == 0) {
		s->is_late = 1;
		error = ETIMEDOUT;
	} else if (r == -1) {
		bury(s);
		error = EPIPE;
	}
	errno = error < 0 ? -error : error;
	return error < 0 ? SYNCER_LOST : -1;
}
