#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/durable_batch.h"

int
durable_batch_fits(struct durable *const *files, size_t n)
{
	struct stat first, other;
	size_t i;

	if (n < DURABLE_BATCH_MIN || fstat(files[0]->fd, &first) == -1)
		return 0;
	for (i = 1; i < n; i++)
		if (fstat(files[i]->fd, &other) == -1 || other.st_dev != first.st_dev)
			return 0;
	return 1;
}

int
durable_batch_sync(struct durable *const *files, size_t n)
{
	size_t i;

	if (syncfs(files[0]->fd) == -1)
		return -1;
	/* before Linux 5.8 syncfs tells of no failed write: each file does */
	for (i = 0; i < n; i++)
		if (sync_file_range(files[i]->fd, 0, 0, SYNC_FILE_RANGE_WAIT_BEFORE) ==
		    -1)
			return -1;
	return 0;
}
