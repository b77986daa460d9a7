#include <errno.h>
#include <limits.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "deliver/job_feed.h"
#include "lib/durable.h"
#include "lib/heap.h"
#include "lib/netstring_scan.h"
#include "lib/text.h"

#define CHUNK 65536

/* Keep the descriptors of a message.  Returns 0; -1 with EPROTO when they are too many.
 */
static int
keep_descriptors(struct job_feed *f, struct msghdr *message)
{
	struct cmsghdr *header;
	int r = (message->msg_flags & MSG_CTRUNC) != 0 ? -1 : 0, fd;
	size_t i, count;

	memmove(f->fds, f->fds + f->fd_first, f->fd_count * sizeof(*f->fds));
	f->fd_first = 0;
	for (header = CMSG_FIRSTHDR(message); header != NULL;
	     header = CMSG_NXTHDR(message, header)) {
		if (header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS)
			continue;
		count = (header->cmsg_len - CMSG_LEN(0)) / sizeof(fd);
		for (i = 0; i < count; i++) {
			memcpy(&fd, CMSG_DATA(header) + i * sizeof(fd), sizeof(fd));
			if (f->fd_count < JOB_FEED_FDS) {
				f->fds[f->fd_count++] = fd;
			} else {
				close(fd);
				r = -1;
			}
		}
	}
	errno = EPROTO;
	return r;
}

/* As recv(2), with the descriptors that come along. */
static ssize_t
receive(struct job_feed *f, int fd)
{
	union {
		struct cmsghdr header;
		char space[CMSG_SPACE(JOB_FEED_FDS * sizeof(int))];
	} control;
	struct iovec part = {.iov_base = f->in.s + f->in.len, .iov_len = CHUNK};
	struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
	ssize_t r;

	message.msg_control = control.space;
	message.msg_controllen = sizeof(control.space);
	r = recvmsg(fd, &message, MSG_CMSG_CLOEXEC | MSG_DONTWAIT);
	if (r == -1 && errno == ENOTSOCK)
		return read(fd, f->in.s + f->in.len, CHUNK);
	if (r > 0 && keep_descriptors(f, &message) == -1)
		return -1;
	return r;
}

int
job_feed_read(struct job_feed *f, int fd)
{
	ssize_t r;

	if (f->used > 0) {
		f->in.len -= f->used;
		memmove(f->in.s, f->in.s + f->used, f->in.len);
		f->used = 0;
	}
	if (!stralloc_readyplus(&f->in, CHUNK))
		heap_lacks();
	r = receive(f, fd);
	if (r == -1)
		return errno == EINTR || errno == EAGAIN ? 0 : -1;
	if (r == 0)
		f->ended = 1;
	f->in.len += (size_t)r;
	return 1;
}

/* The envelope.  As job_feed_take. */
static int
take_envelope(struct job_feed *f, struct job *job)
{
	size_t start, size;
	ssize_t r = netstring_scan(
	    f->in.s + f->used, f->in.len - f->used, ENVELOPE_MAX, &start, &size);

	if (r <= 0) {
		errno = EPROTO;
		return (int)r;
	}
	job->bytes.len = 0;
	text_catb(&job->bytes, f->in.s + f->used + start, size);
	f->used += (size_t)r;
	return job_parse(job) == -1 ? -1 : 1;
}

/* The length of a message that comes as a netstring.  As job_feed_take. */
static int
take_length(struct job_feed *f, struct job *job)
{
	const char *s = f->in.s + f->used;
	size_t len = f->in.len - f->used;
	const char *colon = memchr(s, ':', len < DECIMAL_MAX ? len : DECIMAL_MAX);
	unsigned long long length;

	if (colon == NULL && len < DECIMAL_MAX)
		return 0;
	if (colon == NULL || !text_number(s, (size_t)(colon - s), LONG_MAX, &length)) {
		errno = EPROTO;
		return -1;
	}
	f->used += (size_t)(colon - s) + 1;
	f->missing = (off_t)length;
	return job_spool(job, f->missing) == -1 ? -1 : 1;
}

/* Its bytes, and the comma behind them.  As job_feed_take. */
static int
take_message(struct job_feed *f, struct job *job)
{
	size_t len = f->in.len - f->used;

	if ((unsigned long long)f->missing < len)
		len = (size_t)f->missing;
	if (durable_write(job->fd, f->in.s + f->used, len) == -1)
		return -1;
	f->used += len;
	f->missing -= (off_t)len;
	if (f->missing > 0 || f->used == f->in.len)
		return 0;
	if (f->in.s[f->used++] == ',')
		return 1;
	errno = EPROTO;
	return -1;
}

static int
take(struct job_feed *f, struct job *job)
{
	int r;

	if (!f->is_spooling) {
		job->fd = -1;
		r = take_envelope(f, job);
		if (r != 1)
			return r;
		if (f->fd_count > 0) {
			job->fd = f->fds[f->fd_first++];
			f->fd_count--;
			return job_check_range(job) == -1 ? -1 : 1;
		}
		f->is_spooling = 1;
		f->missing = -1;
	}
	if (f->missing == -1) {
		r = take_length(f, job);
		if (r != 1)
			return r;
	}
	r = take_message(f, job);
	if (r == 1)
		f->is_spooling = 0;
	return r;
}

int
job_feed_take(struct job_feed *f, struct job *job)
{
	int r = take(f, job);

	if (r == 0 && f->ended && job_feed_is_cut(f)) {
		errno = EPROTO;
		r = -1;
	}
	if (r == -1)
		job_done(job);
	if (r == 1)
		job->number = ++f->count;
	return r;
}

int
job_feed_is_cut(const struct job_feed *f)
{
	return f->is_spooling || f->in.len > f->used;
}
