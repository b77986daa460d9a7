#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "lib/durable.h"
#include "lib/spool.h"

int
spool_unnamed(void)
{
	int fd = open("/tmp", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);

	return fd != -1 ? fd : memfd_create("spool", MFD_CLOEXEC);
}

int
spool_begin(struct spool *spool)
{
	spool->error = 0;
	spool->length = 0;
	spool->used = 0;
	spool->fd = spool_unnamed();
	return spool->fd == -1 ? -1 : 0;
}

static void
flush(struct spool *spool)
{
	if (!spool->error && durable_write(spool->fd, spool->s, spool->used) == -1)
		spool->error = errno;
	spool->used = 0;
}

void
spool_put(struct spool *spool, const char *s, size_t len)
{
	size_t n;

	spool->length += (off_t)len;
	for (; len > 0; len -= n, s += n) {
		if (spool->used == sizeof(spool->s))
			flush(spool);
		n = sizeof(spool->s) - spool->used;
		if (n > len)
			n = len;
		memcpy(spool->s + spool->used, s, n);
		spool->used += n;
	}
}

int
spool_end(struct spool *spool)
{
	if (spool->used > 0)
		flush(spool);
	errno = spool->error;
	return spool->error ? -1 : 0;
}

ssize_t
spool_read(const struct spool *spool, char *buf, size_t len, off_t at)
{
	ssize_t r;

	do
		r = pread(spool->fd, buf, len, at);
	while (r == -1 && errno == EINTR);
	return r;
}

void
spool_close(struct spool *spool)
{
	if (spool->fd != -1)
		close(spool->fd);
	spool->fd = -1;
}
