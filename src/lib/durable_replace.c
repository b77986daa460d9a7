#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/durable.h"
#include "lib/durable_replace.h"
#include "lib/queueid.h"

/* Set dir to the folder of path, "." when it names none.  Returns 0, or -1 with errno. */
static int
folder_of(char dir[PATH_MAX], const char *path)
{
	const char *slash = strrchr(path, '/');
	size_t len = slash != NULL ? (size_t)(slash - path) : 1;

	if (len >= PATH_MAX) {
		errno = ENAMETOOLONG;
		return -1;
	}
	memcpy(dir, slash != NULL ? path : ".", len);
	dir[len] = '\0';
	if (len == 0)
		strcpy(dir, "/");
	return 0;
}

int
durable_rename(const char *from, const char *to)
{
	char from_dir[PATH_MAX], to_dir[PATH_MAX];

	if (folder_of(from_dir, from) == -1 || folder_of(to_dir, to) == -1 ||
	    rename(from, to) == -1 || durable_sync_directory(AT_FDCWD, to_dir) == -1)
		return -1;
	if (strcmp(from_dir, to_dir) == 0)
		return 0;
	return durable_sync_directory(AT_FDCWD, from_dir);
}

int
durable_replace(const char *path, const void *buf, size_t len, mode_t mode)
{
	char tmp[PATH_MAX], id[QUEUEID_LEN + 1];
	int fd, r, saved;

	if (strlen(path) + 1 + QUEUEID_LEN >= sizeof(tmp)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	if (queueid_make(id) == -1)
		return -1;
	strcpy(stpcpy(stpcpy(tmp, path), "."), id);
	fd = open(tmp, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd == -1)
		return -1;
	/* the mode is what was asked for, whatever the umask */
	r = fchmod(fd, mode);
	if (r == 0)
		r = durable_write(fd, buf, len);
	if (r == 0)
		r = fsync(fd);
	saved = errno;
	if (close(fd) == -1 && r == 0) {
		saved = errno;
		r = -1;
	}
	errno = saved;
	if (r == 0)
		r = durable_rename(tmp, path);
	if (r == -1) {
		saved = errno;
		unlink(tmp);
		errno = saved;
	}
	return r;
}
