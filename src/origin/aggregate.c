#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/heap.h"
#include "lib/text.h"
#include "origin/aggregate.h"

/* Read all of fd.  Returns 0, or -1 with errno. */
static int
read_all(struct aggregate *a, int fd)
{
	struct stat st;
	ssize_t r = 1;

	if (fstat(fd, &st) == -1)
		return -1;
	if (!S_ISREG(st.st_mode) || st.st_size > TALLY_FILE_MAX) {
		errno = EFBIG;
		return -1;
	}
	a->file = heap_make((size_t)st.st_size + 1, 1);
	while (a->size < (size_t)st.st_size && r > 0) {
		r = read(fd, a->file + a->size, (size_t)st.st_size - a->size);
		if (r > 0)
			a->size += (size_t)r;
	}
	return r == -1 ? -1 : 0;
}

static int
compare(const void *one, const void *other)
{
	const struct aggregate_line *a = one, *b = other;
	int i, r;

	for (i = TALLY_DOMAIN; i < TALLY_RECORD; i++) {
		r = strcmp(a->fields[i], b->fields[i]);
		if (r != 0)
			return r;
	}
	return 0;
}

static void
take_lines(struct aggregate *a)
{
	size_t at = 0, count = 0, len;
	char *newline;

	for (at = 0; at < a->size; at++)
		count += a->file[at] == '\n';
	a->lines = heap_make(count + 1, sizeof *a->lines);
	for (at = 0; at < a->size; at += len + 1) {
		newline = memchr(a->file + at, '\n', a->size - at);
		if (newline == NULL)
			break; /* the line is still being written, or was cut */
		len = (size_t)(newline - (a->file + at));
		*newline = '\0';
		if (tally_parse(a->lines[a->n].fields, a->file + at, len))
			a->n++;
	}
	qsort(a->lines, a->n, sizeof *a->lines, compare);
}

int
aggregate_read(struct aggregate *a, const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW), r;

	if (fd == -1)
		return -1;
	r = read_all(a, fd);
	close(fd);
	if (r == 0)
		take_lines(a);
	return r;
}

size_t
aggregate_domain_end(const struct aggregate *a, size_t begin)
{
	size_t i = begin;

	while (i < a->n && strcmp(a->lines[i].fields[TALLY_DOMAIN],
			       a->lines[begin].fields[TALLY_DOMAIN]) == 0)
		i++;
	return i;
}

size_t
aggregate_row_end(const struct aggregate *a, size_t begin, size_t end)
{
	size_t i = begin;

	while (i < end && compare(&a->lines[i], &a->lines[begin]) == 0)
		i++;
	return i;
}

const struct aggregate_line *
aggregate_latest(const struct aggregate *a, size_t begin, size_t end)
{
	unsigned long long time, latest = 0;
	const struct aggregate_line *line = &a->lines[begin];
	const char *s;
	size_t i;

	for (i = begin; i < end; i++) {
		s = a->lines[i].fields[TALLY_TIME];
		if (text_number(s, strlen(s), -1ULL, &time) && time >= latest) {
			latest = time;
			line = &a->lines[i];
		}
	}
	return line;
}

void
aggregate_free(struct aggregate *a)
{
	free(a->file);
	free(a->lines);
	memset(a, 0, sizeof *a);
}
