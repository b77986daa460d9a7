#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "lib/durable.h"
#include "queue/writer.h"

void
writer_begin(struct writer *w, int fd)
{
	w->fd = fd;
	w->header = (struct header){0};
	w->filled = HEADER_LEN;
	w->flushed = 0;
}

static int
flush(struct writer *w)
{
	if (durable_write(w->fd, w->block, w->filled) == -1)
		return -1;
	w->filled = 0;
	w->flushed = 1;
	return 0;
}

int
writer_room(struct writer *w, char **room, size_t *len)
{
	if (w->filled == sizeof w->block && flush(w) == -1)
		return -1;
	*room = w->block + w->filled;
	*len = sizeof w->block - w->filled;
	return 0;
}

void
writer_took(struct writer *w, size_t len)
{
	w->filled += len;
	w->header.message += len;
}

static int
put(struct writer *w, const char *s, size_t len)
{
	char *room;
	size_t n;

	for (; len > 0; s += n, len -= n) {
		if (writer_room(w, &room, &n) == -1)
			return -1;
		if (n > len)
			n = len;
		memcpy(room, s, n);
		w->filled += n;
	}
	return flush(w);
}

static int
put_header(struct writer *w)
{
	char buf[HEADER_LEN];
	ssize_t r;

	header_format(buf, &w->header);
	r = pwrite(w->fd, buf, sizeof buf, 0);
	if (r == sizeof buf)
		return 0;
	if (r != -1)
		errno = ENOSPC;
	return -1;
}

int
writer_end(struct writer *w, const char *envelope, size_t len)
{
	int whole = !w->flushed && w->filled + len <= sizeof w->block;

	w->header.envelope = len;
	if (whole)
		header_format(w->block, &w->header);
	if (put(w, envelope, len) == -1)
		return -1;
	return whole ? 0 : put_header(w);
}
