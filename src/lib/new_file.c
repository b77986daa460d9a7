#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/durable.h"
#include "lib/new_file.h"

/* The folder that path stands in. */
static const char *
folder_of(char folder[NEW_FILE_PATH_MAX], const char *path)
{
	const char *slash = strrchr(path, '/');
	size_t len = slash != NULL ? (size_t)(slash - path) : 0;

	if (len == 0)
		return slash != NULL ? "/" : ".";
	memcpy(folder, path, len);
	folder[len] = '\0';
	return folder;
}

/* Give fd the owner of the folder that path stands in. */
static int
give_owner(int fd, const char *path)
{
	char folder[NEW_FILE_PATH_MAX];
	struct stat st;

	if (geteuid() != 0)
		return 0;
	if (stat(folder_of(folder, path), &st) == -1)
		return -1;
	return fchown(fd, st.st_uid, st.st_gid);
}

int
new_file_begin(struct new_file *file, const char *path, mode_t mode)
{
	size_t len = strlen(path);

	file->fd = -1;
	if (len >= sizeof file->path) {
		errno = ENAMETOOLONG;
		return -1;
	}
	memcpy(file->path, path, len + 1);
	memcpy(file->tmp, path, len);
	memcpy(file->tmp + len, ".tmp", 5);
	/* What a crash left behind is nobody's: the lock is ours. */
	if (unlink(file->tmp) == -1 && errno != ENOENT)
		return -1;
	file->fd = open(file->tmp, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, mode);
	if (file->fd == -1)
		return -1;
	if (fchmod(file->fd, mode) == -1 || give_owner(file->fd, path) == -1) {
		new_file_abandon(file);
		return -1;
	}
	return 0;
}

int
new_file_finish(struct new_file *file)
{
	int fd = file->fd;

	if (fsync(fd) == -1)
		return -1;
	file->fd = -1;
	return close(fd);
}

int
new_file_publish(struct new_file *file)
{
	return rename(file->tmp, file->path);
}

void
new_file_abandon(struct new_file *file)
{
	int saved = errno;

	if (file->fd != -1)
		close(file->fd);
	file->fd = -1;
	if (file->tmp[0])
		unlink(file->tmp);
	errno = saved;
}

int
new_file_replace(const char *path, const void *buf, size_t len, mode_t mode)
{
	char folder[NEW_FILE_PATH_MAX];
	struct new_file file;

	if (new_file_begin(&file, path, mode) == -1)
		return -1;
	if (durable_write(file.fd, buf, len) == -1 || new_file_finish(&file) == -1 ||
	    new_file_publish(&file) == -1) {
		new_file_abandon(&file);
		return -1;
	}
	return durable_sync_directory(AT_FDCWD, folder_of(folder, path));
}
