#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <errmsg.h>

#include "accept/slot_make.h"
#include "accept/slots.h"
#include "lib/durable.h"

#define PIECE 262144 /* bytes written at once */

static int
fill(int fd, const struct segment *segment)
{
	static char piece[PIECE]; /* zeros, but for the first */
	uint64_t at = 0;
	size_t len;

	segment_format(piece, segment);
	while (at < segment->size) {
		len =
		    segment->size - at < sizeof piece ? segment->size - at : sizeof piece;
		if (durable_write(fd, piece, len) == -1)
			return -1;
		if (at == 0)
			memset(piece, 0, SEGMENT_BLOCK);
		at += len;
	}
	return fsync(fd);
}

/* A file that is not complete has another name. */
static int
make_anew(const char *path, const struct segment *segment)
{
	char tmp[SLOTS_PATH_MAX + sizeof ".tmp"];
	int fd, r;

	strcpy(stpcpy(tmp, path), ".tmp");
	if (unlink(tmp) == -1 && errno != ENOENT)
		return -1;
	fd = open(tmp, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd == -1)
		return -1;
	r = fill(fd, segment);
	if (close(fd) == -1 || r == -1 || rename(tmp, path) == -1) {
		r = errno;
		unlink(tmp);
		errno = r;
		return -1;
	}
	return durable_sync_directory(AT_FDCWD, SLOTS_FOLDER);
}

static int
head_anew(const char *path, const struct segment *segment)
{
	char block[SEGMENT_BLOCK];
	int fd = open(path, O_WRONLY | O_NOFOLLOW | O_CLOEXEC);

	if (fd == -1)
		return -1;
	segment_format(block, segment);
	if (durable_write(fd, block, sizeof block) == -1 || fdatasync(fd) == -1)
		return -1;
	return close(fd);
}

int
slot_make(unsigned number, const struct segment *segment, int anew)
{
	char path[SLOTS_PATH_MAX];

	slots_path(path, number);
	if ((anew ? make_anew(path, segment) : head_anew(path, segment)) == 0)
		return 0;
	carpsys("unable to make ", path, " ready");
	return -1;
}
