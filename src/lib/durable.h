#ifndef LIB_DURABLE_H
#define LIB_DURABLE_H

/* Files that are on the disk, and so are their names, before anybody hears of them. */

#include <limits.h>
#include <stddef.h>
#include <sys/types.h>

/* Does this errno say that there is no room, on the disk or in somebody's share of it? */
int durable_is_full(int error);

/*
 * A new file that has no name until it is complete.  Paths are relative to
 * dirfd (AT_FDCWD for the working directory).
 */
struct durable {
	int fd; /* to write to; -1 when there is none */
	int dirfd;
	char tmp[NAME_MAX + PATH_MAX]; /* its name for the time being, or empty */
};

/*
 * Begin a file in the folder dir, on the file system where it will be named.
 * Returns 0, or -1 with errno.
 */
int durable_begin(struct durable *d, int dirfd, const char *dir, mode_t mode);

/*
 * The same with the name dir/name for the time being: durable_publish turns that into its
 * last name, durable_abandon takes it away.  Returns 0, or -1 with errno, EEXIST when the
 * name is taken.
 */
int durable_begin_as(
    struct durable *d, int dirfd, const char *dir, const char *name, mode_t mode);

/*
 * Give it the name dir/name and return 0 when data, inode and name are on
 * the disk; -1 with errno otherwise, EEXIST when the name is taken (by a regular file
 * whose name has then been made durable as well).  The file is closed and gone
 * unless it got its name.  When the last synchronisation of the directory failed,
 * the name is taken away again, but a crash may bring it back.
 */
int durable_commit(struct durable *d, const char *dir, const char *name);

/*
 * Give it the name dir/name without any sync, which is the caller's to do before and
 * after: lib/syncer.  Returns 0, the file still open; -1 with errno, EEXIST when the
 * name is taken, the file still open then; else it is closed and gone.
 */
int durable_name(struct durable *d, const char *dir, const char *name);

/*
 * Give it, without any sync, the name dir/name for the time being: durable_publish turns
 * that into its last name, durable_abandon takes it away.  Returns 0; -1 with errno,
 * EEXIST when the name is taken, and all is as before.
 */
int durable_prepare(struct durable *d, const char *dir, const char *name);

/* Turn that name into dir/name, without any sync.  Returns as durable_prepare. */
int durable_publish(struct durable *d, const char *dir, const char *name);

/*
 * Sync dir, in which the file fd, itself synced, has got a name.  Returns 0, or -1 with
 * errno.
 */
int durable_sync_name(int fd, int dirfd, const char *dir);

/*
 * Does syncfs(2) bring all of fd's file system to the disk, as far as is known?  So it is
 * with those that keep their files on a disk of this machine; others, FUSE among them,
 * return 0 and do nothing.
 */
int durable_syncs_whole(int fd);

/* Close and forget the file. */
void durable_abandon(struct durable *d);

/* Write all of buf to fd, resuming short writes.  Returns 0, or -1 with errno. */
int durable_write(int fd, const void *buf, size_t len);

/* fsync the directory dir.  Returns 0, or -1 with errno. */
int durable_sync_directory(int dirfd, const char *dir);

#endif
