#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <errmsg.h>

#include "control/text_file.h"
#include "lib/heap.h"
#include "lib/text.h"

static int
read_all(stralloc *bytes, int fd)
{
	struct stat st;
	ssize_t r;

	if (fstat(fd, &st) == -1)
		return -1;
	if (!S_ISREG(st.st_mode)) {
		errno = S_ISDIR(st.st_mode) ? EISDIR : EINVAL;
		return -1;
	}
	do {
		/* One byte more than it should have, so that the end is seen at once. */
		if (!stralloc_readyplus(bytes, st.st_size + 1 > (off_t)bytes->len
						   ? st.st_size + 1 - bytes->len
						   : 65536))
			heap_lacks();
		r = read(fd, bytes->s + bytes->len, bytes->a - bytes->len);
		if (r > 0)
			bytes->len += r;
	} while (r > 0 || (r == -1 && errno == EINTR));
	return r;
}

int
text_file_read(struct text_file *file, const char *name)
{
	int fd, r, saved;

	file->name = name;
	file->bytes.len = 0;
	file->was_there = 0;
	fd = open(name, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd == -1)
		return errno == ENOENT ? 0 : -1;
	file->was_there = 1;
	r = read_all(&file->bytes, fd);
	saved = errno;
	close(fd);
	errno = saved;
	return r;
}

int
text_file_next(const struct text_file *file, struct text_line *line)
{
	const char *newline;

	while (line->end < file->bytes.len) {
		line->start = line->end;
		line->s = file->bytes.s + line->start;
		newline = memchr(line->s, '\n', file->bytes.len - line->start);
		line->end = newline != NULL ? (size_t)(newline + 1 - file->bytes.s)
					    : file->bytes.len;
		line->len =
		    (newline != NULL ? newline : file->bytes.s + file->bytes.len) -
		    line->s;
		line->number++;
		while (
		    line->len > 0 && memchr(" \t\r", line->s[line->len - 1], 3) != NULL)
			line->len--;
		if (line->len > 0 && line->s[0] != '#')
			return 1;
	}
	return 0;
}

void
text_file_splice(
    struct text_file *file, size_t start, size_t end, const char *s, size_t len)
{
	size_t rest = file->bytes.len - end;

	if (!stralloc_readyplus(&file->bytes, len + 1))
		heap_lacks();
	memmove(file->bytes.s + start + len, file->bytes.s + end, rest);
	memcpy(file->bytes.s + start, s, len);
	file->bytes.len = start + len + rest;
}

void
text_file_append(struct text_file *file, const char *s, size_t len)
{
	if (file->bytes.len > 0 && file->bytes.s[file->bytes.len - 1] != '\n')
		text_catb(&file->bytes, "\n", 1);
	text_catb(&file->bytes, s, len);
	text_catb(&file->bytes, "\n", 1);
}

void
text_file_complain(
    const char *name, unsigned long number, const char *wrong, const char *more)
{
	char digits[DECIMAL_MAX];

	carp(name, ":", text_decimal(digits, number), ": ", wrong, more);
}
