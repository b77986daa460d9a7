#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/durable.h"
#include "lib/spool.h"
#include "lib/spool_take.h"

/* Copy all of the stream fd to an unnamed file: its descriptor, or -1. */
static int
copy_stream(int fd)
{
	char buf[16384];
	ssize_t r;
	int copy = spool_unnamed();

	if (copy == -1)
		return -1;
	do {
		r = read(fd, buf, sizeof(buf));
		if (r > 0 && durable_write(copy, buf, (size_t)r) == -1)
			r = -2;
	} while (r > 0 || (r == -1 && errno == EINTR));
	if (r == 0)
		return copy;
	close(copy);
	return -1;
}

int
spool_take(int fd, off_t *start, off_t *length)
{
	struct stat st;

	*start = 0;
	if (fstat(fd, &st) == -1)
		return -1;
	if (S_ISREG(st.st_mode)) {
		*start = lseek(fd, 0, SEEK_CUR);
		if (*start == -1)
			return -1;
	} else {
		fd = copy_stream(fd);
		if (fd == -1 || fstat(fd, &st) == -1)
			return -1;
	}
	*length = st.st_size > *start ? st.st_size - *start : 0;
	return fd;
}
