#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "deliver/mailbox.h"
#include "deliver/owner.h"
#include "lib/durable.h"

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

	return geteuid() == 0 && fstat(home, &st) == 0 && st.st_uid == 0;
}

int
mailbox_enter(const char *folder, uid_t uid, gid_t gid)
{
	int home, maildir;

	/* as root no further than to the folder: what is inside is the owner's to change
	 */
	home = open(folder, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (home == -1)
		return -1;
	if (is_still_ours(home)) {
		close(home);
		errno = ENOENT;
		return -1;
	}
	if (owner_become(uid, gid) == -1) {
		close_quietly(home);
		return -1;
	}
	maildir = openat(home, "Maildir", O_PATH | O_DIRECTORY | O_CLOEXEC);
	close_quietly(home);
	if (maildir == -1)
		owner_return();
	return maildir;
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

	if (geteuid() != 0)
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
		r = fsync(maildir);
	if (r == 0)
		r = make_folder(maildir, "new", 0700);
	if (r == 0)
		r = fsync(maildir);
	close_quietly(maildir);
	return r;
}

/* The mailbox's folder, open for reading; its parents exist and are synced. */
static int
make_home(const char *folder, uid_t uid, gid_t gid)
{
	char domain[PATH_MAX];
	const char *slash = strrchr(folder, '/');
	int home;

	if (slash == NULL || (size_t)(slash - folder) >= sizeof(domain)) {
		errno = EINVAL;
		return -1;
	}
	memcpy(domain, folder, (size_t)(slash - folder));
	domain[slash - folder] = '\0';
	if (make_folder(AT_FDCWD, domain, 0711) == -1 ||
	    durable_sync_directory(AT_FDCWD, "mail") == -1 ||
	    make_folder(AT_FDCWD, folder, 0700) == -1)
		return -1;
	home = open(folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (home == -1)
		return -1;
	if (give_away(home, uid, gid) == -1 ||
	    durable_sync_directory(AT_FDCWD, domain) == -1) {
		close_quietly(home);
		return -1;
	}
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
