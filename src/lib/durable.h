#ifndef LIB_DURABLE_H
#define LIB_DURABLE_H

#include <limits.h>
#include <stddef.h>
#include <sys/types.h>

/*
 * A new file that has no name until it is complete.  Paths are relative to
 * dirfd (AT_FDCWD for the working directory).
 */
struct durable {
	int fd; /* to write to; -1 when there is none */
	int dirfd;
	char tmp[NAME_MAX + PATH_MAX]; /* its name where O_TMPFILE is missing, or empty */
};

/*
 * Begin a file in the folder dir, on the file system where it will be named.
 * Returns 0, or -1 with errno.
 */
int durable_begin(struct durable *d, int dirfd, const char *dir, mode_t mode);

/*
 * Give it the name dir/name and return 0 when data, inode and name are on
 * the disk; -1 with errno otherwise, EEXIST when the name is taken (by a regular file
 * whose name has then been made durable as well).  The file is closed and gone
 * unless it got its name.  When the last synchronisation of the directory failed,
 * the name is taken away again, but a crash may bring it back.
 */
int durable_commit(struct durable *d, const char *dir, const char *name);

/* Close and forget the file. */
void durable_abandon(struct durable *d);

/* Write all of buf to fd, resuming short writes.  Returns 0, or -1 with errno. */
int durable_write(int fd, const void *buf, size_t len);

/* fsync the directory dir.  Returns 0, or -1 with errno. */
int durable_sync_directory(int dirfd, const char *dir);

/*
 * Replace the file path (or make it) by buf[0..len), atomically and durably, with the
 * given mode.  Returns 0, or -1 with errno and the old file in place.
 */
int durable_replace(const char *path, const void *buf, size_t len, mode_t mode);

/*
 * Rename from to to and sync the directories that lose and get the name.  Returns 0, or
 * -1 with errno.
 */
int durable_rename(const char *from, const char *to);

#endif
