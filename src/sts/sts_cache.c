#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "sts/sts_cache.h"
#include "sts/sts_log.h"

#define DAY 86400
#define NEW STS_POLICY_FOLDER ".new" /* one process writes there */

static void
name_file(char *path, const char *domain)
{
	strcpy(stpcpy(path, STS_POLICY_FOLDER), domain);
}

/* By hand, as root or another, nothing is changed in the folder of the service. */
static int
is_ours(void)
{
	struct stat st;

	return lstat("state/sts", &st) == 0 && S_ISDIR(st.st_mode) &&
	       st.st_uid == geteuid();
}

/* The whole of the file, with the time of its last use: 0, or -1 with errno. */
static int
read_file(struct sts_cache_entry *entry, const char *path)
{
	struct stat st;
	ssize_t r;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NOATIME);

	if (fd == -1 && errno == EPERM) /* by hand, and not ours */
		fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (fd == -1)
		return -1;
	entry->len = 0;
	while ((r = read(
		    fd, entry->text + entry->len, sizeof(entry->text) - entry->len)) > 0)
		entry->len += (size_t)r;
	if (r == 0 && fstat(fd, &st) == -1)
		r = -1;
	close(fd);
	if (r == 0)
		entry->used = st.st_atime;
	return (int)r;
}

int
sts_cache_read(struct sts_cache_entry *entry, const char *domain)
{
	char path[sizeof(STS_POLICY_FOLDER) + STS_POLICY_NAME_MAX];

	name_file(path, domain);
	if (read_file(entry, path) == -1) {
		if (errno != ENOENT)
			sts_log_fault("unable to read", path);
		return 0;
	}
	if (sts_policy_read(&entry->policy, entry->text, entry->len) == 0 &&
	    sts_policy_end(&entry->policy) > (long long)time(NULL))
		return 1;
	if (is_ours())
		unlink(path);
	return 0;
}

void
sts_cache_use(const struct sts_cache_entry *entry, const char *domain)
{
	struct timespec times[] = {{.tv_nsec = UTIME_NOW}, {.tv_nsec = UTIME_OMIT}};
	char path[sizeof(STS_POLICY_FOLDER) + STS_POLICY_NAME_MAX];

	if ((long long)time(NULL) < entry->used + DAY || !is_ours())
		return;
	name_file(path, domain);
	utimensat(AT_FDCWD, path, times, AT_SYMLINK_NOFOLLOW);
}

/* lib/new_file would bring libowfat. */
static int
replace_file(const char *path, const char *s, size_t len)
{
	int fd, saved;
	ssize_t r;

	fd = open(NEW, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0644);
	if (fd == -1)
		return -1;
	r = write(fd, s, len);
	if (r >= 0 && (size_t)r < len) {
		errno = ENOSPC;
		r = -1;
	}
	if (r != -1)
		r = fsync(fd);
	saved = errno;
	if (close(fd) == -1 && r != -1) {
		saved = errno;
		r = -1;
	}
	if (r != -1 && rename(NEW, path) == 0)
		return 0;
	if (r != -1)
		saved = errno;
	unlink(NEW);
	errno = saved;
	return -1;
}

int
sts_cache_write(
    struct sts_cache_entry *entry, const char *domain, const char *s, size_t len)
{
	char path[sizeof(STS_POLICY_FOLDER) + STS_POLICY_NAME_MAX];

	entry->used = (long long)time(NULL);
	entry->len = sts_policy_first_line(&entry->policy, entry->text);
	memcpy(entry->text + entry->len, s, len);
	entry->len += len;
	if (!is_ours())
		return 0;
	name_file(path, domain);
	if (replace_file(path, entry->text, entry->len) == 0)
		return 0;
	sts_log_fault("unable to write", path);
	return -1;
}
