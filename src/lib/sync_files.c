#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/file_system.h"
#include "lib/sync_files.h"

/*
 * Write out the files, and then commit what was done to their file system: any commit
 * will do that is asked for by a change after all of it.
 */
static int
commit(const int *fds, size_t n)
{
	static const unsigned all = SYNC_FILE_RANGE_WAIT_BEFORE | SYNC_FILE_RANGE_WRITE |
				    SYNC_FILE_RANGE_WAIT_AFTER;
	static const struct timespec now[2] = {
	    {.tv_nsec = UTIME_NOW}, {.tv_nsec = UTIME_OMIT}};
	size_t i;

	for (i = 0; i < n; i++)
		sync_file_range(fds[i], 0, 0, SYNC_FILE_RANGE_WRITE);
	for (i = 0; i < n; i++)
		if (sync_file_range(fds[i], 0, 0, all) == -1)
			return -1;
	/* one that is not ours to change */
	if (futimens(fds[0], now) == -1)
		return syncfs(fds[0]);
	return fsync(fds[0]);
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

int
sync_files(int *fds, size_t n)
{
	size_t i, k;
	int r;

	for (i = 0; i < n; i += k) {
		k = gather_system(fds + i, n - i);
		r = file_system_commits_in_order(fds[i]) ? commit(fds + i, k)
							 : syncfs(fds[i]);
		if (r == -1)
			return -1;
	}
	return 0;
}
