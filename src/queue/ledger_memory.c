#include <errno.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "lib/heap.h"
#include "lib/text.h"
#include "queue/header.h"
#include "queue/ledger_memory.h"

struct ledger_line {
	struct ledger_line *later;
	uint64_t at;
	size_t len;
	unsigned segment;
};

void
ledger_memory_add_line(struct ledger_entry *e, unsigned number, uint64_t at, size_t len)
{
	struct ledger_line *line = heap_make(1, sizeof *line);

	line->segment = number;
	line->at = at;
	line->len = len;
	*(e->lines != NULL ? &e->last_line->later : &e->lines) = line;
	e->last_line = line;
}

void
ledger_memory_free_lines(struct ledger_entry *e)
{
	struct ledger_line *line, *later;

	for (line = e->lines; line != NULL; line = later) {
		later = line->later;
		free(line);
	}
	e->lines = e->last_line = NULL;
}

/* Copy len bytes from a place in the segment to one in the file. */
static int
copy(int fd, uint64_t to, const struct ledger_segment *s, size_t len, uint64_t from)
{
	static stralloc buf; /* a cache */
	ssize_t r;

	text_room(&buf, len);
	if (ledger_segment_read(s, buf.s, len, from) == -1)
		return -1;
	if (!ledger_segment_stays(s)) {
		errno = ENOENT;
		return -1;
	}
	r = pwrite(fd, buf.s, len, (off_t)to);
	if (r == (ssize_t)len)
		return 0;
	if (r != -1)
		errno = ENOSPC;
	return -1;
}

static int
copy_lines(int fd, const struct ledger *l, const struct ledger_entry *e)
{
	uint64_t to = e->len;

	for (const struct ledger_line *line = e->lines; line != NULL;
	     line = line->later) {
		if (copy(fd, to, &l->segments[line->segment], line->len, line->at) == -1)
			return -1;
		to += line->len;
	}
	return 0;
}

/* The header says where the envelope is, and has been looked at when it was read. */
static int
copy_message(int fd, const struct ledger *l, const struct ledger_entry *e, int flags)
{
	const struct ledger_segment *s = &l->segments[e->segment];
	char buf[HEADER_LEN];
	struct header h;

	if (!(flags & FILE_GLANCE))
		return copy(fd, 0, s, e->len, e->at);
	if (copy(fd, 0, s, sizeof buf, e->at) == -1 ||
	    pread(fd, buf, sizeof buf, 0) != sizeof buf)
		return -1;
	errno = EIO;
	if (!header_parse(&h, buf, e->len) || ftruncate(fd, e->len) == -1)
		return -1;
	return copy(
	    fd, HEADER_LEN + h.message, s, h.envelope, e->at + HEADER_LEN + h.message);
}

int
ledger_memory_open(const struct ledger *l, const struct ledger_entry *e, struct file *f,
    int flags, const char **why)
{
	int fd = memfd_create("message", MFD_CLOEXEC), saved;

	if (fd == -1)
		return -1;
	if (copy_message(fd, l, e, flags) == 0 && copy_lines(fd, l, e) == 0)
		return file_take(f, fd, e->id, flags, why);
	saved = errno;
	close(fd);
	errno = saved;
	return -1;
}
