#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "lib/maildircount.h"
#include "lib/maildirname.h"

#define FOLDER_STEPS 16 /* what it takes to open and close one, in names */
#define STAT_STEPS 4    /* and what a file without a size in its name takes */
#define SURE_STEPS 512  /* within a limit, as many are taken however slow the disk is */
#define PATIENCE 50     /* milliseconds for the others */

struct sums {
	long long bytes;
	long long messages;
	size_t steps;
	size_t most; /* steps; 0: any number */
	struct timespec begun;
};

/* As much as steps is to be done: may it?  0, or -1 with E2BIG. */
static int
go_on(struct sums *sums, size_t steps)
{
	size_t before = sums->steps / SURE_STEPS;
	struct timespec now;

	if (sums->most == 0)
		return 0;
	sums->steps += steps;
	errno = E2BIG;
	if (sums->steps > sums->most)
		return -1;
	if (sums->steps / SURE_STEPS == before)
		return 0;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (now.tv_sec - sums->begun.tv_sec) * 1000 +
			   (now.tv_nsec - sums->begun.tv_nsec) / 1000000 >
		       PATIENCE
		   ? -1
		   : 0;
}

/*
 * Open the folder name of dir to be listed; null with errno.  Nothing behind a link is
 * counted: many of them could lead to one folder.
 */
static DIR *
open_folder(int dir, const char *name)
{
	DIR *list;
	int fd, saved;

	fd = openat(dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd == -1)
		return NULL;
	list = fdopendir(fd);
	if (list == NULL) {
		saved = errno;
		close(fd);
		errno = saved;
	}
	return list;
}

/* Returns 0, or -1 with errno. */
static int
add_message(struct sums *sums, int fd, const char *name)
{
	unsigned long long size;
	struct stat st;

	if (go_on(sums, 1) == -1)
		return -1;
	if (!maildirname_number(name, 'S', &size)) {
		if (go_on(sums, STAT_STEPS) == -1)
			return -1;
		if (fstatat(fd, name, &st, AT_SYMLINK_NOFOLLOW) == -1)
			return errno == ENOENT ? 0 : -1; /* just moved or removed */
		if (!S_ISREG(st.st_mode))
			return 0;
		size = (unsigned long long)st.st_size;
	}
	/* names and sparse files can claim anything */
	if (size < (unsigned long long)(MAILDIRCOUNT_MAX - sums->bytes))
		sums->bytes += (long long)size;
	else
		sums->bytes = MAILDIRCOUNT_MAX;
	sums->messages++;
	return 0;
}

/* Add the messages of a cur or new; one that is missing, or a link, has none. */
static int
add_messages(struct sums *sums, int folder, const char *name)
{
	DIR *list = open_folder(folder, name);
	struct dirent *entry;
	int r = 0, saved;

	if (list == NULL)
		return errno == ENOENT || errno == ENOTDIR || errno == ELOOP ? 0 : -1;
	while (r == 0) {
		errno = 0;
		entry = readdir(list);
		if (entry == NULL)
			break;
		if (entry->d_name[0] != '.')
			r = add_message(sums, dirfd(list), entry->d_name);
	}
	/* at the end of the folder errno still is 0 */
	saved = errno;
	closedir(list);
	errno = saved;
	return saved != 0 ? -1 : 0;
}

static struct timespec
changed_at(int folder, const char *name)
{
	struct stat st = {0};

	fstatat(folder, name, &st, AT_SYMLINK_NOFOLLOW);
	return st.st_mtim;
}

static int
same(struct timespec a, struct timespec b)
{
	return a.tv_sec == b.tv_sec && a.tv_nsec == b.tv_nsec;
}

/* As add_folder. */
static int
add_both(struct sums *sums, int folder)
{
	struct timespec cur, new;

	cur = changed_at(folder, "cur");
	new = changed_at(folder, "new");
	if (add_messages(sums, folder, "cur") == -1 ||
	    add_messages(sums, folder, "new") == -1)
		return -1;
	return same(cur, changed_at(folder, "cur")) &&
	       same(new, changed_at(folder, "new"));
}

/* Returns 1; 0 when messages came or went; -1 with errno. */
static int
add_folder(struct sums *sums, int dir, const char *name)
{
	int folder, r, saved;

	if (go_on(sums, FOLDER_STEPS) == -1)
		return -1;
	folder = openat(dir, name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (folder == -1) /* a file, a link, or just removed */
		return errno == ENOTDIR || errno == ELOOP || errno == ENOENT ? 1 : -1;
	r = add_both(sums, folder);
	saved = errno;
	close(folder);
	errno = saved;
	return r;
}

static int
is_subfolder(const char *name)
{
	return name[0] == '.' && name[1] != '\0' && strcmp(name, "..") != 0;
}

int
maildircount(int maildir, size_t most, long long *bytes, long long *messages)
{
	struct sums sums = {.most = most};
	struct dirent *entry;
	int r, saved, calm;
	DIR *list;

	list = open_folder(maildir, ".");
	if (list == NULL)
		return -1;
	clock_gettime(CLOCK_MONOTONIC, &sums.begun);
	r = calm = add_folder(&sums, dirfd(list), ".");
	while (r != -1) {
		errno = 0;
		entry = readdir(list);
		if (entry == NULL)
			break;
		r = go_on(&sums, 1);
		if (r == -1)
			break;
		if (is_subfolder(entry->d_name)) {
			r = add_folder(&sums, dirfd(list), entry->d_name);
			calm = calm && r;
		}
	}
	saved = errno;
	closedir(list);
	errno = saved;
	if (saved != 0)
		return -1;
	*bytes = sums.bytes;
	*messages = sums.messages;
	return calm;
}
