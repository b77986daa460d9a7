#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "lib/durable.h"
#include "lib/queueid.h"
#include "lib/text.h"

#ifndef RENAME_NOREPLACE
#define RENAME_NOREPLACE 1
#endif

/* dir and name joined in path, which holds size bytes.  Returns 0, or -1 with
 * ENAMETOOLONG. */
static int
join(char *path, size_t size, const char *dir, const char *name)
{
	if (strlen(dir) + strlen(name) + 2 > size) {
		errno = ENAMETOOLONG;
		return -1;
	}
	strcpy(stpcpy(stpcpy(path, dir), "/"), name);
	return 0;
}

/* Where O_TMPFILE is missing: a name that nobody else makes. */
static int
begin_named(struct durable *d, const char *dir, mode_t mode)
{
	char name[sizeof("tmp.") + QUEUEID_LEN] = "tmp.";

	if (queueid_make(name + 4) == -1)
		return -1;
	return durable_begin_as(d, d->dirfd, dir, name, mode);
}

int
durable_begin_as(
    struct durable *d, int dirfd, const char *dir, const char *name, mode_t mode)
{
	d->dirfd = dirfd;
	d->fd = -1;
	if (join(d->tmp, sizeof(d->tmp), dir, name) == 0)
		d->fd =
		    openat(dirfd, d->tmp, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
	if (d->fd == -1)
		d->tmp[0] = '\0';
	return d->fd == -1 ? -1 : 0;
}

int
durable_begin(struct durable *d, int dirfd, const char *dir, mode_t mode)
{
	d->dirfd = dirfd;
	d->tmp[0] = '\0';
	d->fd = openat(dirfd, dir, O_TMPFILE | O_WRONLY | O_CLOEXEC, mode);
	if (d->fd != -1)
		return 0;
	/* EISDIR: a kernel before 3.11; EOPNOTSUPP: NFS, vfat and others */
	if (errno == EOPNOTSUPP || errno == EISDIR || errno == EINVAL)
		return begin_named(d, dir, mode);
	return -1;
}

int
durable_is_full(int error)
{
	return error == ENOSPC || error == EDQUOT;
}

int
durable_write(int fd, const void *buf, size_t len)
{
	const char *s = buf;
	ssize_t r;

	while (len > 0) {
		r = write(fd, s, len);
		if (r == -1 && errno == EINTR)
			continue;
		if (r == -1)
			return -1;
		s += r;
		len -= (size_t)r;
	}
	return 0;
}

int
durable_sync_directory(int dirfd, const char *dir)
{
	int fd, r, saved;

	fd = openat(dirfd, dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd == -1)
		return -1;
	r = fsync(fd);
	saved = errno;
	close(fd);
	errno = saved;
	return r;
}

/*
 * Turn the temporary name into path, never over another file.  Returns 0, or -1 with
 * errno.  Where the kernel can't do it in one (NFS) the file has two names for a moment.
 */
static int
rename_tmp(struct durable *d, const char *path)
{
	if (syscall(SYS_renameat2, d->dirfd, d->tmp, d->dirfd, path, RENAME_NOREPLACE) ==
	    0)
		return 0;
	if (errno != EINVAL && errno != ENOSYS)
		return -1;
	if (linkat(d->dirfd, d->tmp, d->dirfd, path, 0) == 0) {
		unlinkat(d->dirfd, d->tmp, 0);
		return 0;
	}
	if (errno == EEXIST)
		return -1;
	/* no hard links here either: the name is new or it is an earlier try of the same
	 * file */
	if (faccessat(d->dirfd, path, F_OK, AT_SYMLINK_NOFOLLOW) == 0) {
		errno = EEXIST;
		return -1;
	}
	return renameat(d->dirfd, d->tmp, d->dirfd, path);
}

/* Give the open file its name.  Returns 0, or -1 with errno. */
static int
give_name(struct durable *d, const char *path)
{
	char self[sizeof("/proc/self/fd/") + DECIMAL_MAX];

	if (d->tmp[0] == '\0') {
		text_decimal(stpcpy(self, "/proc/self/fd/"), (unsigned)d->fd);
		return linkat(AT_FDCWD, self, d->dirfd, path, AT_SYMLINK_FOLLOW);
	}
	if (rename_tmp(d, path) == -1)
		return -1;
	d->tmp[0] = '\0';
	return 0;
}

int
durable_syncs_whole(int fd)
{
	/* as Linux names them; musl has no header of them */
	static const unsigned long known[] = {
	    0xef53,     /* ext2, ext3, ext4 */
	    0x58465342, /* XFS */
	    0x9123683e, /* btrfs */
	    0xf2f52010, /* F2FS */
	    0x3153464a, /* JFS */
	    0x2fc12fc1, /* ZFS */
	    0x01021994, /* tmpfs, which forgets all anyway */
	};
	struct statfs st;
	size_t i;

	if (fstatfs(fd, &st) == -1)
		return 0;
	for (i = 0; i < sizeof known / sizeof *known; i++)
		if (((unsigned long)st.f_type & 0xffffffff) == known[i])
			return 1;
	return 0;
}

/*
 * Where who may write may not list, the directory cannot be opened: then all of the file
 * system is synced.  Of a file system that we don't know, neither says much: what has
 * been done to a file is there when the file is synced once more.
 */
int
durable_sync_name(int fd, int dirfd, const char *dir)
{
	int is_known = durable_syncs_whole(fd);
	int r = durable_sync_directory(dirfd, dir);

	if (r == -1 && errno == EACCES) {
		r = is_known ? syncfs(fd) : 0;
		is_known = 0; /* what lib/sync_files tells of syncfs */
	}
	return r == 0 && !is_known ? fsync(fd) : r;
}

/* The file of an earlier try may have been named but not synced before a crash. */
static int
sync_existing(int ours, int dirfd, const char *dir, const char *path)
{
	struct stat st;
	int fd, r, saved;

	fd = openat(dirfd, path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (fd == -1) {
		/*
		 * A file that we may not read was written by another: take its word.  One
		 * that has gone since was taken on by its reader, so it was complete.
		 */
		return errno == EACCES || errno == ENOENT
			   ? durable_sync_name(ours, dirfd, dir)
			   : -1;
	}
	r = fstat(fd, &st);
	if (r == 0 && !S_ISREG(st.st_mode)) {
		errno = EINVAL;
		r = -1;
	}
	if (r == 0)
		r = fsync(fd);
	if (r == 0)
		r = durable_sync_name(fd, dirfd, dir);
	saved = errno;
	close(fd);
	errno = saved;
	return r;
}

/*
 * Sync the name that the file has got, or take it away again.  As durable_commit.  That
 * an unnamed file has got its first link stands in the file's inode: without a journal,
 * syncing the folder alone leaves there a name without a file.
 */
static int
make_durable(struct durable *d, int was_unnamed, const char *dir, const char *path)
{
	int r = was_unnamed ? fsync(d->fd) : 0, saved;

	if (r == 0)
		r = durable_sync_name(d->fd, d->dirfd, dir);
	saved = errno;
	if (close(d->fd) == -1 && r == 0) {
		saved = errno;
		r = -1;
	}
	d->fd = -1;
	if (r == -1)
		unlinkat(d->dirfd, path, 0);
	errno = saved;
	return r;
}

int
durable_commit(struct durable *d, const char *dir, const char *name)
{
	char path[PATH_MAX];
	int r, was_unnamed = d->tmp[0] == '\0';

	/*
	 * Synced before it is named: the disk may get the name alone in a crash, and a
	 * later try would take the empty file for a complete one.
	 */
	if (join(path, sizeof(path), dir, name) == -1 || fsync(d->fd) == -1) {
		durable_abandon(d);
		return -1;
	}
	r = give_name(d, path);
	if (r == 0)
		return make_durable(d, was_unnamed, dir, path);
	if (errno == EEXIST && sync_existing(d->fd, d->dirfd, dir, path) == 0)
		errno = EEXIST;
	durable_abandon(d);
	return -1;
}

int
durable_name(struct durable *d, const char *dir, const char *name)
{
	char path[PATH_MAX];

	if (join(path, sizeof(path), dir, name) == 0 && give_name(d, path) == 0)
		return 0;
	if (errno != EEXIST)
		durable_abandon(d);
	return -1;
}

int
durable_prepare(struct durable *d, const char *dir, const char *name)
{
	char path[sizeof(d->tmp)];

	if (join(path, sizeof(path), dir, name) == -1 || give_name(d, path) == -1)
		return -1;
	strcpy(d->tmp, path);
	return 0;
}

int
durable_publish(struct durable *d, const char *dir, const char *name)
{
	char path[PATH_MAX];

	if (join(path, sizeof(path), dir, name) == -1 || rename_tmp(d, path) == -1)
		return -1;
	d->tmp[0] = '\0';
	return 0;
}

void
durable_abandon(struct durable *d)
{
	int saved = errno;

	if (d->fd != -1)
		close(d->fd);
	d->fd = -1;
	if (d->tmp[0] != '\0')
		unlinkat(d->dirfd, d->tmp, 0);
	d->tmp[0] = '\0';
	errno = saved;
}
