#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

#include "queue/lock.h"

/*
 * Between open and lock another one may have moved the file, and its journal may have
 * grown: what is known of it must be read after this.
 */
int
lock_take(int fd, const char *path)
{
	struct stat locked, named;

	while (flock(fd, LOCK_EX | LOCK_NB) == -1)
		if (errno != EINTR)
			return -1;
	if (fstat(fd, &locked) == -1 ||
	    fstatat(AT_FDCWD, path, &named, AT_SYMLINK_NOFOLLOW) == -1)
		return -1;
	if (locked.st_dev == named.st_dev && locked.st_ino == named.st_ino)
		return 0;
	errno = ENOENT;
	return -1;
}

/* A descriptor that was passed on shares the lock, so closing ours would not end it. */
void
lock_release(int fd)
{
	int saved = errno;

	flock(fd, LOCK_UN);
	errno = saved;
}
