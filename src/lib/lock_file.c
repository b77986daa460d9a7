#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/deadline.h"
#include "lib/durable.h"
#include "lib/lock_file.h"

#define PAUSE 20 /* milliseconds between two tries */

static int
open_lock(int folder, const char *name)
{
	int fd = openat(
	    folder, name, O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0600);
	struct stat st;

	if (fd == -1 || (fstat(fd, &st) == 0 && S_ISREG(st.st_mode)))
		return fd;
	close(fd);
	errno = EINVAL;
	return -1;
}

int
lock_file_take(int folder, const char *name)
{
	int r = flock(folder, LOCK_EX | LOCK_NB), lock, saved;

	/* some network file systems lock no folder, but files */
	if (r == -1 && errno == EWOULDBLOCK)
		return -1;
	lock = open_lock(folder, name);
	if (lock == -1 && r == 0 &&
	    (durable_is_full(errno) || errno == EROFS || errno == EACCES))
		return folder;
	if (lock != -1 && flock(lock, LOCK_EX | LOCK_NB) == 0)
		return lock;
	saved = errno;
	if (lock != -1)
		close(lock);
	flock(folder, LOCK_UN);
	errno = saved;
	return -1;
}

int
lock_file_await(int folder, const char *name, int patience)
{
	int64_t until = deadline_now() + patience;
	int lock;

	while ((lock = lock_file_take(folder, name)) == -1 && errno == EWOULDBLOCK) {
		if (deadline_now() >= until) {
			errno = EWOULDBLOCK;
			return -1;
		}
		deadline_wait(-1, 0, deadline_now() + PAUSE);
	}
	return lock;
}

void
lock_file_leave(int folder, int lock)
{
	flock(folder, LOCK_UN);
	if (lock != folder)
		close(lock);
}

int
lock_file_make(int folder, const char *name)
{
	int fd = open_lock(folder, name);

	return fd == -1 ? -1 : close(fd);
}
