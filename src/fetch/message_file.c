#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "fetch/message_file.h"
#include "fetch/message_name.h"
#include "fetch/message_send.h"
#include "lib/durable.h"
#include "lib/file_system.h"
#include "lib/maildirname.h"
#include "lib/maildirsize.h"
#include "lib/text.h"

#define BTRFS_MAGIC 0x9123683e
#define PATH_SIZE (sizeof("new/") + NAME_MAX)

static const char *
path_of(const struct maildrop *drop, const struct maildrop_message *message,
    char path[PATH_SIZE])
{
	stpcpy(stpcpy(path, message->in_cur ? "cur/" : "new/"),
	    maildrop_name(drop, message));
	return path;
}

int
message_file_open(struct maildrop *drop, struct maildrop_message *message)
{
	char path[PATH_SIZE];
	unsigned long long bytes;
	struct stat st;
	int fd;

	do
		fd = openat(drop->fd, path_of(drop, message, path),
		    O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	while (fd == -1 && errno == ENOENT && maildrop_find_again(drop, message));
	if (fd == -1)
		return -1;
	/* a file that was changed under its name makes the size in it a lie */
	if (fstat(fd, &st) == -1 || !S_ISREG(st.st_mode) ||
	    (maildirname_number(maildrop_name(drop, message), 'S', &bytes) &&
		bytes != (unsigned long long)st.st_size &&
		message_send_measure(fd, &message->octets) == -1)) {
		close(fd);
		errno = EIO;
		return -1;
	}
	return fd;
}

int
message_file_measure(struct maildrop *drop, struct maildrop_message *message)
{
	const char *name = maildrop_name(drop, message);
	unsigned long long octets;
	int fd, r;

	if (message->octets != MAILDROP_UNMEASURED)
		return 0;
	if (message_name_ours(name) && maildirname_number(name, 'W', &octets)) {
		message->octets = octets;
		return 0;
	}
	fd = message_file_open(drop, message);
	if (fd == -1)
		return -1;
	r = message_send_measure(fd, &message->octets);
	close(fd);
	return r;
}

void
message_file_estimate(struct maildrop *drop, struct maildrop_message *message)
{
	char path[PATH_SIZE];
	unsigned long long bytes = 0;
	struct stat st;

	path_of(drop, message, path);
	if (fstatat(drop->fd, path, &st, AT_SYMLINK_NOFOLLOW) == 0)
		bytes = (unsigned long long)st.st_size;
	else
		maildirname_number(path + 4, 'S', &bytes);
	message->octets = bytes;
}

static int
lacks_journal(struct maildrop *drop)
{
	if (drop->journal == 0)
		drop->journal = file_system_lacks_journal(drop->fd) ? -1 : 1;
	return drop->journal == -1;
}

void
message_file_correct(
    struct maildrop *drop, struct maildrop_message *message, uint64_t octets)
{
	const char *name = maildrop_name(drop, message);
	char from[PATH_SIZE], to[2 * PATH_SIZE], number[DECIMAL_MAX];
	unsigned long long named;
	struct stat st;
	char *end;

	message->octets = octets;
	path_of(drop, message, from);
	if (!message_name_ours(name) || !maildirname_number(name, 'W', &named) ||
	    named == octets || fstatat(drop->fd, from, &st, AT_SYMLINK_NOFOLLOW) == -1)
		return;
	end = mempcpy(to, from, sizeof("new/") - 1 + maildirname_base(name));
	end = stpcpy(end, ",S=");
	end = stpcpy(end, text_decimal(number, (unsigned long long)st.st_size));
	end = stpcpy(end, ",W=");
	end = stpcpy(end, text_decimal(number, octets));
	end = stpcpy(end, name + message_name_stable(name));
	if ((size_t)(end - to) >= PATH_SIZE ||
	    renameat(drop->fd, from, drop->fd, to) == -1)
		return;
	drop->changed[message->in_cur] |= lacks_journal(drop);
	message->name = (uint32_t)drop->names.len;
	text_catb(&drop->names, to + 4, (size_t)(end - to) - 3);
}

/*
 * cur before new: without a journal a message that was moved must have the one name
 * before it loses the other.
 */
static int
sync_folders(struct maildrop *drop)
{
	int r = 0;

	if (drop->changed[1] && durable_sync_directory(drop->fd, "cur") == -1)
		r = -1;
	if (drop->changed[0] && durable_sync_directory(drop->fd, "new") == -1)
		r = -1;
	/*
	 * A message that has just come had its name in tmp before, which a crash must not
	 * bring back: not everywhere does the sync of one folder say so of the other.
	 */
	if (drop->removed_messages > 0 && durable_sync_directory(drop->fd, "tmp") == -1 &&
	    errno != ENOENT)
		r = -1;
	return r;
}

/*
 * On ext4 without a journal a name that a power cut brings back may lead to what another
 * file has written meanwhile, whose the inode or the blocks have become.  So files are
 * held open there until it is on the disk that they have gone: what is open is given to
 * nobody.
 */
static int
hold(struct maildrop *drop, const char *path)
{
	return lacks_journal(drop) ? openat(drop->fd, path,
					 O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
				   : -1;
}

static void
release(struct maildrop *drop)
{
	while (drop->holding > 0)
		close(drop->held[--drop->holding]);
}

/* What fails to be synced here is not taken for synced at the end. */
static void
keep(struct maildrop *drop, int fd)
{
	if (fd == -1)
		return;
	drop->held[drop->holding++] = fd;
	if (drop->holding < MAILDROP_HELD)
		return;
	if (sync_folders(drop) == -1)
		drop->unsynced = 1;
	release(drop);
}

int
message_file_remove(struct maildrop *drop, struct maildrop_message *message)
{
	char path[PATH_SIZE];
	unsigned long long bytes;
	struct stat st = {0};
	int r, fd = -1, saved;

	do {
		path_of(drop, message, path);
		if (fd != -1)
			close(fd);
		fd = hold(drop, path);
		if (maildirname_number(path + 4, 'S', &bytes))
			st.st_size = (off_t)bytes;
		else
			fstatat(drop->fd, path, &st, AT_SYMLINK_NOFOLLOW);
		r = unlinkat(drop->fd, path, 0);
	} while (r == -1 && errno == ENOENT && maildrop_find_again(drop, message));
	if (r == 0) {
		drop->changed[message->in_cur] = 1;
		drop->removed_bytes += st.st_size;
		drop->removed_messages++;
		keep(drop, fd);
	} else if (fd != -1) {
		saved = errno;
		close(fd);
		errno = saved;
	}
	return r == 0 || errno == ENOENT ? 0 : -1;
}

void
message_file_mark_seen(struct maildrop *drop, struct maildrop_message *message)
{
	char from[PATH_SIZE], to[PATH_SIZE + sizeof(":2,S")];
	size_t stable = message_name_stable(maildrop_name(drop, message));

	if (message->in_cur)
		return;
	path_of(drop, message, from);
	memcpy(mempcpy(mempcpy(to, "cur/", 4), from + 4, stable), ":2,S", sizeof(":2,S"));
	if (renameat(drop->fd, from, drop->fd, to) == 0 && lacks_journal(drop))
		drop->changed[0] = drop->changed[1] = 1;
}

/*
 * On btrfs a log that was synced for one folder can bring back, after a crash, what
 * another folder's log has taken away: only a commit of all tells the truth about both.
 */
static int
needs_commit(int fd)
{
	struct statfs system;

	return fstatfs(fd, &system) == 0 && system.f_type == BTRFS_MAGIC;
}

int
message_file_sync_removals(struct maildrop *drop)
{
	int r, saved;

	if (drop->removed_messages > 0 && needs_commit(drop->fd))
		r = syncfs(drop->fd);
	else
		r = sync_folders(drop);
	saved = errno;
	release(drop);
	/* should this fail, the next delivery counts anew */
	if (drop->removed_messages > 0)
		maildirsize_add(drop->fd, -drop->removed_bytes, -drop->removed_messages);
	errno = drop->unsynced ? EIO : saved;
	return drop->unsynced ? -1 : r;
}
