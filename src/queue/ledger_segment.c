#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "lib/heap.h"
#include "lib/read_at.h"
#include "queue/ledger_segment.h"
#include "queue/replay.h"

#define PIECE 1048576 /* bytes read at once */
#define TRIES 5       /* to read a head that is being written */
#define PAUSE 2000000 /* nanoseconds between them */

void
ledger_segment_path(char path[LEDGER_SEGMENT_PATH_MAX], unsigned number)
{
	char *end = stpcpy(path, "queue/journal/");

	end[0] = (char)('0' + number / 10);
	end[1] = (char)('0' + number % 10);
	end[2] = '\0';
}

int
ledger_segment_read(const struct ledger_segment *s, char *buf, size_t len, uint64_t at)
{
	int r = read_at(s->fd, buf, len, at);

	if (r == 0)
		errno = EIO;
	return r == 1 ? 0 : -1;
}

static int
read_head(const struct ledger_segment *s, struct segment *segment)
{
	char block[SEGMENT_BLOCK];

	for (int i = 0; i < TRIES; ++i) {
		if (i > 0)
			nanosleep(&(struct timespec){0, PAUSE}, NULL);
		if (ledger_segment_read(s, block, sizeof block, 0) == -1)
			return errno == EIO ? 0 : -1;
		if (segment_parse(segment, block))
			return 1;
	}
	return 0;
}

/* As ledger_segment_open, of what is open. */
static int
look_at(struct ledger_segment *s, const char **why)
{
	struct stat st;
	int r;

	*why = "not a regular file";
	if (fstat(s->fd, &st) == -1)
		return -1;
	if (!S_ISREG(st.st_mode))
		return 0;
	*why = "no head of a segment";
	r = read_head(s, &s->segment);
	if (r == 1 &&
	    (s->segment.size <= SEGMENT_BLOCK || s->segment.size > SEGMENT_MAX ||
		s->segment.size > (uint64_t)st.st_size)) {
		*why = "shorter than its head says";
		r = 0;
	}
	return r;
}

int
ledger_segment_open(struct ledger_segment *s, unsigned number, const char **why)
{
	char path[LEDGER_SEGMENT_PATH_MAX];
	int r;

	ledger_segment_path(path, number);
	s->number = number;
	s->fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	*why = "not a regular file";
	if (s->fd == -1)
		return errno == ELOOP || errno == ENXIO ? 0 : -1;
	r = look_at(s, why);
	if (r != 1)
		ledger_segment_close(s);
	return r;
}

void
ledger_segment_close(struct ledger_segment *s)
{
	int saved = errno;

	if (s->fd != -1)
		close(s->fd);
	s->fd = -1;
	errno = saved;
}

/* The head is written before anything behind it is. */
int
ledger_segment_stays(const struct ledger_segment *s)
{
	struct segment now;
	struct stat st;

	return fstat(s->fd, &st) == 0 && st.st_nlink > 0 && read_head(s, &now) == 1 &&
	       now.generation == s->segment.generation;
}

/* With zeros where that can't be.  Returns 0, or -1 with errno. */
static int
read_from(const struct ledger_segment *s, char *buf, size_t at, size_t len)
{
	size_t n, block;
	int error = 0;

	for (; at < len; at += n) {
		n = len - at < PIECE ? len - at : PIECE;
		if (ledger_segment_read(s, buf + at, n, SEGMENT_BLOCK + at) == 0)
			continue;
		error = errno;
		for (size_t i = 0; i < n; i += block) {
			block = n - i < SEGMENT_BLOCK ? n - i : SEGMENT_BLOCK;
			if (ledger_segment_read(
				s, buf + at + i, block, SEGMENT_BLOCK + at + i) == -1)
				memset(buf + at + i, 0, block);
		}
	}
	errno = error;
	return error == 0 ? 0 : -1;
}

/* Unless it is used again, and what was there is of no interest any more. */
static void
miss(const struct ledger_segment *s, const struct ledger_segment_reader *reader,
    size_t from, size_t to)
{
	if (ledger_segment_stays(s))
		reader->miss(
		    reader->context, s->number, SEGMENT_BLOCK + from, SEGMENT_BLOCK + to);
}

static void
take_batch(const struct ledger_segment *s, const struct ledger_segment_reader *reader,
    const char *buf, size_t from, size_t to)
{
	struct record r;

	while (from < to) {
		ssize_t n = record_parse(&r, buf + from, to - from);

		if (n == -1) {
			miss(s, reader, from, to);
			return;
		}
		reader->take(reader->context, s->number, &r,
		    SEGMENT_BLOCK + (uint64_t)(r.body - buf));
		from += (size_t)n;
	}
}

/*
 * What looked damaged may have been written after it was read, and what stands behind it
 * before that was: who looks once more sees it whole, for a batch is begun when the one
 * before it is on the disk.
 */
int
ledger_segment_walk(
    const struct ledger_segment *s, const struct ledger_segment_reader *reader)
{
	size_t len = s->segment.size - SEGMENT_BLOCK, from, to, doubted = len;
	char *buf = heap_make(1, len);
	struct replay r = {.segment = &s->segment, .s = buf, .len = len};
	enum replay_part part;
	int result = read_from(s, buf, 0, len), saved = errno;

	while ((part = replay_next(&r, &from, &to)) != REPLAY_END) {
		if (part == REPLAY_BATCH)
			take_batch(s, reader, buf, from, to);
		else if (from == doubted)
			miss(s, reader, from, to);
		else {
			doubted = r.at = from;
			read_from(s, buf, from, len);
		}
	}
	free(buf);
	errno = saved;
	return result;
}
