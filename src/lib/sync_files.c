#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/durable.h"
#include "lib/file_system.h"
#include "lib/sync_files.h"
#include "lib/text.h"

static void
leave(int fd)
{
	int saved = errno;

	close(fd);
	errno = saved;
}

/*
 * Whoever opened a file is told once of a write that failed.  The caller's descriptors
 * are open for others, too, who sync each file by itself when we fail: they have to hear
 * of it then, and so we ask as somebody else.
 */
static int
open_anew(int fd)
{
	char self[sizeof("/proc/self/fd/") + DECIMAL_MAX];

	text_decimal(stpcpy(self, "/proc/self/fd/"), (unsigned)fd);
	/* musl's open(2) makes two calls of it */
	return openat(AT_FDCWD, self, O_RDONLY | O_CLOEXEC);
}

/* Returns 1; 0 when it can't be done so; -1 with errno when the file can't be written. */
static int
write_out(int fd)
{
	static const unsigned all = SYNC_FILE_RANGE_WAIT_BEFORE | SYNC_FILE_RANGE_WRITE |
				    SYNC_FILE_RANGE_WAIT_AFTER;
	int own = open_anew(fd), r;

	if (own == -1)
		return 0;
	r = sync_file_range(own, 0, 0, all);
	leave(own);
	return r == -1 ? -1 : 1;
}

/*
 * Let the file be written, not waiting for that.  What can't even be begun, for there is
 * no place for it on the disk, say, the kernel may drop, and tell nobody but us.  As
 * write_out; SYNC_FILES_LOST with errno then.
 */
static int
begin_to_write(int fd)
{
	if (sync_file_range(fd, 0, 0, SYNC_FILE_RANGE_WRITE) == 0)
		return 1;
	return errno == EIO || durable_is_full(errno) ? SYNC_FILES_LOST : 0;
}

/* As write_out. */
static int
change_and_sync(int fd)
{
	static const struct timespec now[2] = {
	    {.tv_nsec = UTIME_NOW}, {.tv_nsec = UTIME_OMIT}};
	int own = open_anew(fd), r = 0;

	if (own == -1)
		return 0;
	/* unless it is not ours to change */
	if (futimens(own, now) == 0)
		r = fsync(own) == -1 ? -1 : 1;
	leave(own);
	return r;
}

/*
 * Write out the files, and then commit what was done to their file system: any commit
 * will do that is asked for by a change after all of it.  Returns as sync_files.
 */
static int
commit(const int *fds, size_t n)
{
	size_t i;
	int r = 1, begun;

	for (i = 0; i < n && r != SYNC_FILES_LOST; i++) {
		begun = begin_to_write(fds[i]);
		if (begun != 1)
			r = begun;
	}
	for (i = 0; i < n && r == 1; i++)
		r = write_out(fds[i]);
	if (r == 1)
		r = change_and_sync(fds[0]);
	if (r == 0)
		return syncfs(fds[0]);
	return r == 1 ? 0 : r;
}

/* Move the files of one file system to the front.  Returns how many there are. */
static size_t
gather_system(int *fds, size_t n)
{
	struct stat first, st;
	size_t i, k = 1;
	int fd;

	if (fstat(fds[0], &first) == -1)
		return 1;
	for (i = 1; i < n; i++)
		if (fstat(fds[i], &st) == 0 && st.st_dev == first.st_dev) {
			fd = fds[i];
			fds[i] = fds[k];
			fds[k++] = fd;
		}
	return k;
}

/* By a descriptor of our own, for the same reason as write_out. */
static int
flush(int fd)
{
	int own = open_anew(fd), r;

	if (own == -1)
		return fsync(fd);
	r = fsync(own);
	leave(own);
	return r;
}

int
sync_files_whole(int fd)
{
	if (syncfs(fd) == -1)
		return -1;
	return file_system_renames_whole(fd) ? 0 : flush(fd);
}

int
sync_files(int *fds, size_t n)
{
	size_t i, k;
	int r;

	for (i = 0; i < n; i += k) {
		k = gather_system(fds + i, n - i);
		r = file_system_commits_in_order(fds[i]) ? commit(fds + i, k)
							 : sync_files_whole(fds[i]);
		if (r != 0)
			return r;
	}
	return 0;
}
