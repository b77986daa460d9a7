#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "deliver/mailbox.h"
#include "lib/lock_file.h"
#include "onward/owner.h"

static void
close_quietly(int fd)
{
	int saved = errno;

	close(fd);
	errno = saved;
}

/* Has a crash come between the folder's making and its handing over? */
static int
is_still_ours(int home)
{
	struct stat st;

	return owner_is_root() && fstat(home, &st) == 0 && st.st_uid == 0;
}

int
mailbox_open_home(const char *folder)
{
	int home;

	/* as root no further than to the folder: what is inside is the owner's to change
	 */
	home = openat(AT_FDCWD, folder, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (home != -1 && is_still_ours(home)) {
		close(home);
		errno = ENOENT;
		return -1;
	}
	return home;
}

int
mailbox_open_maildir(int home)
{
	return openat(home, "Maildir", O_PATH | O_DIRECTORY | O_CLOEXEC);
}

int
mailbox_enter(const char *folder, uid_t uid, gid_t gid)
{
	int home = mailbox_open_home(folder), maildir;

	if (home == -1)
		return -1;
	if (owner_become(uid, gid) == -1) {
		close_quietly(home);
		return -1;
	}
	maildir = mailbox_open_maildir(home);
	close_quietly(home);
	if (maildir == -1)
		owner_return();
	return maildir;
}

/*
 * The folder name of dir, in which we make and give away others: as root only in one that
 * is root's, and where nobody else can put anything in the place of what we made.
 */
static int
open_trusted(int dir, const char *name)
{
	int fd = openat(dir, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct stat st;

	if (fd == -1 || !owner_is_root())
		return fd;
	if (fstat(fd, &st) == 0) {
		mode_t others = st.st_mode & (S_IWGRP | S_IWOTH);

		if (st.st_uid == 0 && (others == 0 || (st.st_mode & S_ISVTX) != 0))
			return fd;
		errno = EPERM;
	}
	close_quietly(fd);
	return -1;
}

/* Make the folder unless it is there.  Returns 0, or -1 with errno. */
static int
make_folder(int dir, const char *name, mode_t mode)
{
	return mkdirat(dir, name, mode) == -1 && errno != EEXIST ? -1 : 0;
}

/*
 * Hand a mailbox's folder over.  One that is still root's was left by a crash between
 * its making and this, or was made by the admin.
 */
static int
give_away(int home, uid_t uid, gid_t gid)
{
	struct stat st;

	if (!owner_is_root())
		return 0;
	if (fstat(home, &st) == -1)
		return -1;
	if (st.st_uid == 0 && fchown(home, uid, gid) == -1)
		return -1;
	return fsync(home);
}

/* In the mailbox's folder, as its owner. */
static int
make_maildir(int home)
{
	int maildir, r;

	if (make_folder(home, "Maildir", 0700) == -1 || fsync(home) == -1)
		return -1;
	maildir = openat(home, "Maildir", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (maildir == -1)
		return -1;
	/*
	 * new comes last, since nothing is delivered without it: a delivery never finds
	 * folders of which a crash could take the names away.
	 */
	r = make_folder(maildir, "tmp", 0700);
	if (r == 0)
		r = make_folder(maildir, "cur", 0700);
	if (r == 0)
		r = lock_file_make(maildir, LOCK_FILE_MAILDIR);
	if (r == 0)
		r = fsync(maildir);
	if (r == 0)
		r = make_folder(maildir, "new", 0700);
	if (r == 0)
		r = fsync(maildir);
	close_quietly(maildir);
	return r;
}

/* Make name in dir, a folder that root can trust, and sync dir.  Returns it, or -1. */
static int
make_domain(int dir, const char *name)
{
	if (make_folder(dir, name, 0711) == -1 || fsync(dir) == -1)
		return -1;
	return open_trusted(dir, name);
}

/* Make the mailbox's folder in its domain's, give it away, and open it.  Or -1. */
static int
make_own(int domain, const char *name, uid_t uid, gid_t gid)
{
	int home;

	if (make_folder(domain, name, 0700) == -1)
		return -1;
	home = openat(domain, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (home == -1)
		return -1;
	if (give_away(home, uid, gid) == -1 || fsync(domain) == -1) {
		close_quietly(home);
		return -1;
	}
	return home;
}

/* The mailbox's folder, open for reading; its parents exist and are synced. */
static int
make_home(const char *folder, uid_t uid, gid_t gid)
{
	char name[PATH_MAX];
	const char *first = strchr(folder, '/'), *last = strrchr(folder, '/');
	int mail, domain, home;

	if (first == last || (size_t)(last - folder) >= sizeof(name)) {
		errno = EINVAL;
		return -1;
	}
	mail = open_trusted(AT_FDCWD, "mail");
	if (mail == -1)
		return -1;
	memcpy(name, first + 1, (size_t)(last - first - 1));
	name[last - first - 1] = '\0';
	domain = make_domain(mail, name);
	close_quietly(mail);
	if (domain == -1)
		return -1;
	home = make_own(domain, last + 1, uid, gid);
	close_quietly(domain);
	return home;
}

int
mailbox_create(const char *folder, uid_t uid, gid_t gid)
{
	int home, r;

	/* nothing is made for whom nothing will be delivered */
	if (owner_become(uid, gid) == -1)
		return -1;
	owner_return();
	home = make_home(folder, uid, gid);
	if (home == -1)
		return -1;
	r = owner_become(uid, gid);
	if (r == 0) {
		r = make_maildir(home);
		owner_return();
	}
	close_quietly(home);
	return r;
}
