#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/maildircount.h"
#include "lib/maildirname.h"

struct sums {
	long long bytes;
	long long messages;
};

/* Open the folder path of dir to be listed; null with errno. */
static DIR *
open_folder(int dir, const char *path)
{
	DIR *list;
	int fd, saved;

	fd = openat(dir, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
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

	if (!maildirname_number(name, 'S', &size)) {
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

/* Add the messages of path, a cur or new; one that is missing has none. */
static int
add_messages(struct sums *sums, int dir, const char *path)
{
	DIR *list = open_folder(dir, path);
	struct dirent *entry;
	int r = 0, saved;

	if (list == NULL)
		return errno == ENOENT || errno == ENOTDIR ? 0 : -1;
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
changed_at(int dir, const char *path)
{
	struct stat st = {0};

	fstatat(dir, path, &st, 0);
	return st.st_mtim;
}

static int
same(struct timespec a, struct timespec b)
{
	return a.tv_sec == b.tv_sec && a.tv_nsec == b.tv_nsec;
}

/* Returns 1; 0 when messages came or went; -1 with errno. */
static int
add_folder(struct sums *sums, int dir, const char *name)
{
	char cur[NAME_MAX + sizeof("/cur")], new[NAME_MAX + sizeof("/new")];
	struct timespec cur_time, new_time;

	strcpy(stpcpy(cur, name), "/cur");
	strcpy(stpcpy(new, name), "/new");
	cur_time = changed_at(dir, cur);
	new_time = changed_at(dir, new);
	if (add_messages(sums, dir, cur) == -1 || add_messages(sums, dir, new) == -1)
		return -1;
	return same(cur_time, changed_at(dir, cur)) &&
	       same(new_time, changed_at(dir, new));
}

static int
is_subfolder(const char *name)
{
	return name[0] == '.' && name[1] != '\0' && strcmp(name, "..") != 0;
}

int
maildircount(int maildir, long long *bytes, long long *messages)
{
	struct sums sums = {0};
	struct dirent *entry;
	int r, saved, calm;
	DIR *list;

	list = open_folder(maildir, ".");
	if (list == NULL)
		return -1;
	r = calm = add_folder(&sums, dirfd(list), ".");
	while (r != -1) {
		errno = 0;
		entry = readdir(list);
		if (entry == NULL)
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
