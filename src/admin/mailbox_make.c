#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <errmsg.h>
#include <stralloc.h>

#include "admin/mailbox_make.h"
#include "lib/control.h"
#include "lib/durable.h"
#include "lib/lock_file.h"
#include "lib/mailbox_owner.h"
#include "lib/text.h"
#include "lib/users.h"
#include "lib/verdict.h"

/* A folder that mailboxes of several owners lie in: it belongs to whom its parent
 * belongs. */
static void
make_shared(const char *path, const char *parent)
{
	struct stat st;

	if (mkdir(path, 0711) == -1) {
		if (errno != EEXIST)
			diesys(DEFER, "unable to make ", path);
		return;
	}
	if (stat(parent, &st) == -1 ||
	    (geteuid() == 0 && chown(path, st.st_uid, st.st_gid) == -1))
		diesys(DEFER, "unable to give away ", path);
	if (durable_sync_directory(AT_FDCWD, parent) == -1)
		diesys(DEFER, "unable to sync ", parent);
}

/*
 * Open the mailbox's own folder, made if need be.  It stands where only we can write, so
 * what has been made by us, and not been given away because of a crash, is ours to give.
 */
static int
open_own(const char *path, const char *parent, uid_t uid, gid_t gid)
{
	struct stat st;
	int fd;

	if (mkdir(path, 0700) == -1 && errno != EEXIST)
		diesys(DEFER, "unable to make ", path);
	fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd == -1 || fstat(fd, &st) == -1)
		diesys(DEFER, "unable to open ", path);
	if (st.st_uid == geteuid() && st.st_uid != uid && fchown(fd, uid, gid) == -1)
		diesys(DEFER, "unable to give away ", path);
	if (st.st_uid != geteuid() && st.st_uid != uid)
		die(REJECT, path, " belongs to another user");
	if (fsync(fd) == -1 || durable_sync_directory(AT_FDCWD, parent) == -1)
		diesys(DEFER, "unable to sync ", path);
	return fd;
}

/* What is there already must be of use to its owner, who we are. */
static void
need_writable(int fd, const char *folder, const char *path)
{
	if (faccessat(fd, folder, R_OK | W_OK | X_OK, AT_EACCESS) == -1)
		diesys(DEFER, path, "/", folder, " is of no use to its owner");
}

/* What pop3-serve locks, made now, for later the disk may be full. */
static void
make_lock(int fd)
{
	int maildir =
	    openat(fd, "Maildir", O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	if (maildir == -1 || lock_file_make(maildir, LOCK_FILE_MAILDIR) == -1)
		diesys(DEFER, "unable to make Maildir/" LOCK_FILE_MAILDIR);
	close(maildir);
}

/* Make the Maildir in the folder fd; 1 when it was there. */
static int
make_maildir(int fd, const char *path)
{
	static const char *const folders[] = {
	    "Maildir/tmp", "Maildir/new", "Maildir/cur"};
	int there = mkdirat(fd, "Maildir", 0700) == -1;
	size_t i;

	if (there && errno != EEXIST)
		diesys(DEFER, "unable to make Maildir");
	need_writable(fd, "Maildir", path);
	for (i = 0; i < sizeof folders / sizeof *folders; i++)
		if (mkdirat(fd, folders[i], 0700) == -1 && errno != EEXIST)
			diesys(DEFER, "unable to make ", folders[i]);
	for (i = 0; i < sizeof folders / sizeof *folders; i++)
		need_writable(fd, folders[i], path);
	make_lock(fd);
	if (durable_sync_directory(fd, "Maildir") == -1 || fsync(fd) == -1)
		diesys(DEFER, "unable to sync Maildir");
	return there;
}

int
mailbox_make(const char *key, uid_t uid, gid_t gid)
{
	stralloc own = {0}, domain = {0};
	int fd, there;

	if (!users_folder(&own, key))
		die(REJECT, key, ": the address can't be the name of a folder");
	text_catb(&domain, own.s, strrchr(own.s, '/') - own.s);
	text_terminate(&domain);
	make_shared("mail", ".");
	make_shared(domain.s, "mail");
	fd = open_own(own.s, domain.s, uid, gid);

	/* Inside, what is there is the owner's and not to be trusted: go as he. */
	if (geteuid() == 0 &&
	    (setgroups(0, NULL) == -1 || setegid(gid) == -1 || seteuid(uid) == -1))
		diesys(DEFER, "unable to become the owner of ", own.s);
	there = make_maildir(fd, own.s);
	if (getuid() != geteuid() && (seteuid(getuid()) == -1 || setegid(getgid()) == -1))
		diesys(DEFER, "unable to become myself again");
	close(fd);
	stralloc_free(&own);
	stralloc_free(&domain);
	return there;
}

static int
is_owner(const char *s, uid_t *uid, gid_t *gid)
{
	size_t len = strlen(s);

	return len > 0 && mailbox_owner_scan(s, len, uid, gid) == len;
}

/* Whose a new mailbox is: option -o, else control/mailuser, else (if we aren't root)
 * ours. */
void
mailbox_make_owner(const char *given, uid_t *uid, gid_t *gid)
{
	static stralloc line;
	int r;

	*uid = geteuid();
	*gid = getegid();
	if (given == NULL && *uid == 0) {
		r = control_line("mailuser", &line, NULL);
		if (r == -1)
			diesys(DEFER, "unable to read control/mailuser");
		if (r == 0)
			die(DEFER, "whose is the mailbox?  Neither -o nor "
				   "control/mailuser tells");
		text_terminate(&line);
		if (!is_owner(line.s, uid, gid))
			die(DEFER, "control/mailuser is not of the form UID:GID");
	}
	if (given != NULL && !is_owner(given, uid, gid))
		die(DEFER, "option -o: not of the form UID:GID");
	if (*uid == 0)
		die(REJECT, "a mailbox can't belong to root");
	if (geteuid() != 0 && *uid != geteuid())
		die(REJECT, "only root can make a mailbox for another user");
}
