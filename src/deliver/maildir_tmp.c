#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "deliver/maildir_find.h"
#include "deliver/maildir_tmp.h"
#include "lib/text.h"

#define FREE 0 /* locked by us now */
#define BUSY 1
#define GONE 2 /* it has another name by now, or none */

struct tmp_path {
	char s[sizeof("tmp/") + NAME_MAX];
};

static int
path_of(struct tmp_path *path, const char *name)
{
	if (strlen(name) > NAME_MAX) {
		errno = ENAMETOOLONG;
		return -1;
	}
	strcpy(stpcpy(path->s, "tmp/"), name);
	return 0;
}

/* Open and lock the file.  FREE, BUSY, GONE, or -1 with errno. */
static int
open_locked(int maildir, const char *path, int *fd, struct stat *st)
{
	struct stat now;

	*fd = openat(maildir, path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (*fd == -1)
		return errno == ENOENT ? GONE : -1;
	/* where there are no locks (some NFS), nobody can be told from a crashed one */
	if (flock(*fd, LOCK_EX | LOCK_NB) == -1 && errno == EWOULDBLOCK)
		return BUSY;
	if (fstat(*fd, st) == 0 && S_ISREG(st->st_mode) &&
	    fstatat(maildir, path, &now, AT_SYMLINK_NOFOLLOW) == 0 &&
	    now.st_ino == st->st_ino && now.st_dev == st->st_dev)
		return FREE;
	return GONE;
}

/* The name is taken: by whom?  As maildir_tmp_prepare; MAILDIR_WRITTEN: it is free now.
 */
static int
look_at_other(int maildir, const char *path, int clear)
{
	struct stat st;
	int fd, r = open_locked(maildir, path, &fd, &st), saved;

	if (r == FREE && clear && unlinkat(maildir, path, 0) == -1)
		r = -1;
	saved = errno;
	if (fd != -1)
		close(fd);
	errno = saved;
	if (r == FREE && !clear)
		return MAILDIR_TMP_LEFT;
	return r == FREE ? MAILDIR_WRITTEN : r == -1 ? -1 : MAILDIR_TMP_BUSY;
}

int
maildir_tmp_prepare(int maildir, struct maildir_delivery *d, int clear)
{
	struct tmp_path path;
	int r;

	d->failed = "keep the message in";
	if (path_of(&path, d->name.s) == -1)
		return -1;
	flock(d->file.fd, LOCK_EX | LOCK_NB);
	for (;;) {
		if (durable_prepare(&d->file, "tmp", d->name.s) == 0)
			return MAILDIR_WRITTEN;
		if (errno != EEXIST)
			return -1;
		r = look_at_other(maildir, path.s, clear);
		if (r != MAILDIR_WRITTEN)
			return r;
	}
}

/*
 * Lock what was made just now.  Between the two another process may have taken it for one
 * that was left by a crash, and looked at it or removed it: then it is that one's turn.
 */
static int
lock_new(struct durable *file)
{
	struct stat st;
	int is_ours = flock(file->fd, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK;

	if (is_ours && fstat(file->fd, &st) == 0 && st.st_nlink > 0)
		return MAILDIR_WRITTEN;
	file->tmp[0] = '\0';
	durable_abandon(file);
	return MAILDIR_TMP_BUSY;
}

int
maildir_tmp_begin(int maildir, struct maildir_delivery *d, int clear)
{
	struct tmp_path path;
	int r;

	d->failed = "begin a file in";
	if (path_of(&path, d->name.s) == -1)
		return -1;
	for (;;) {
		if (durable_begin_as(&d->file, maildir, "tmp", d->name.s, 0600) == 0)
			return lock_new(&d->file);
		if (errno != EEXIST)
			return -1;
		r = look_at_other(maildir, path.s, clear);
		if (r != MAILDIR_WRITTEN)
			return r;
	}
}

int
maildir_tmp_claim(int maildir, struct maildir_delivery *d)
{
	char found[NAME_MAX + 1];
	struct tmp_path path;
	struct stat st;
	int r, saved;

	d->failed = "look for a prepared message in";
	r = maildir_find_prepared(maildir, d->name.s, found);
	if (r != 1)
		return r == 0 ? MAILDIR_DONE : -1;
	if (path_of(&path, found) == -1)
		return -1;
	r = open_locked(maildir, path.s, &d->file.fd, &st);
	if (r == FREE && (unsigned long long)st.st_size == d->size) {
		d->file.dirfd = maildir;
		strcpy(d->file.tmp, path.s);
		text_set(&d->name, found);
		return MAILDIR_WRITTEN;
	}
	saved = errno;
	if (d->file.fd != -1)
		close(d->file.fd);
	d->file.fd = -1;
	errno = saved;
	return r == FREE ? MAILDIR_TMP_LEFT : r == -1 ? -1 : MAILDIR_TMP_BUSY;
}
