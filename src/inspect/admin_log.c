#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#include "inspect/admin_log.h"
#include "lib/durable.h"
#include "lib/log_hold.h"
#include "lib/text.h"

#define FOLDER "log/admin"
#define CURRENT FOLDER "/current"
#define SIZE_MAX_CURRENT 1000000 /* bytes, as the services' run scripts say */
#define LABEL_LEN 25             /* "@" and 24 hexadecimal digits */
#define TAI_EPOCH 0x4000000000000000u
#define TAI_AHEAD 37 /* seconds before UTC since 2017: ten, and 27 leap seconds */

/* The log, there is but one. */
static int fd = -1;
static int failure;  /* errno of a line that could not be written, or 0 */
static int is_short; /* there was no room for a line */

static void
put_hex(char *s, uint64_t n, int digits)
{
	for (; digits-- > 0; n >>= 4)
		s[digits] = "0123456789abcdef"[n & 15];
}

static void
make_label(char label[LABEL_LEN])
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	label[0] = '@';
	put_hex(label + 1, TAI_EPOCH + now.tv_sec + TAI_AHEAD, 16);
	put_hex(label + 17, now.tv_nsec, 8);
}

/* In one write: another tool may be logging too. */
static void
put(const char *line, size_t len)
{
	char label[LABEL_LEN + 1];
	struct iovec parts[] = {{label, sizeof label}, {(char *)line, len}};
	int saved = errno;
	ssize_t r;

	if (fd == -1)
		return;
	make_label(label);
	label[LABEL_LEN] = ' ';
	r = writev(fd, parts, 2);
	if (r != (ssize_t)(sizeof label + len))
		failure = r == -1 ? errno : ENOSPC;
	errno = saved;
}

/* Give the new folder away by its descriptor: its name may be a link by then. */
static int
give_away(void)
{
	int fd = open(FOLDER, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	struct stat queue;
	int r, saved;

	if (fd == -1)
		return -1;
	r = lstat("queue", &queue) == -1 ? -1 : fchown(fd, queue.st_uid, queue.st_gid);
	saved = errno;
	close(fd);
	errno = saved;
	return r;
}

/* Only in a folder of root's own does root make anything. */
int
admin_log_provide(void)
{
	struct stat log;

	if (geteuid() != 0)
		return 0;
	if (lstat("log", &log) == -1)
		return -1;
	if (!S_ISDIR(log.st_mode) || log.st_uid != 0)
		return 0;
	if (mkdir(FOLDER, 0700) == -1)
		return errno == EEXIST ? 0 : -1;
	return give_away();
}

/* An older home's can be read by a group. */
static int
enter_folder(void)
{
	struct stat st;

	if (mkdir(FOLDER, 0700) == -1 && errno != EEXIST)
		return -1;
	if (lstat(FOLDER, &st) == -1)
		return -1;
	if (!S_ISDIR(st.st_mode)) {
		errno = ENOTDIR;
		return -1;
	}
	if ((st.st_mode & 07777) != 0700 && st.st_uid == geteuid())
		return chmod(FOLDER, 0700);
	return 0;
}

/* Its name says when it ended, and it stays: it tells what became of mail. */
static int
put_aside(void)
{
	char name[sizeof FOLDER "/" + LABEL_LEN + sizeof ".s"] = FOLDER "/";
	struct stat ours, named;

	if (flock(fd, LOCK_EX) == -1 || fstat(fd, &ours) == -1)
		return -1;
	/* another tool has done it meanwhile */
	if (stat(CURRENT, &named) == -1 || named.st_ino != ours.st_ino)
		return 0;
	make_label(name + strlen(name));
	strcat(name, ".s");
	return rename(CURRENT, name);
}

static int
open_current(void)
{
	struct stat st;

	fd = open(CURRENT,
	    O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0600);
	if (fd == -1 || fstat(fd, &st) == -1)
		return -1;
	if (S_ISREG(st.st_mode))
		return 0;
	close(fd);
	fd = -1;
	errno = EINVAL;
	return -1;
}

static int
open_log(void)
{
	struct stat st;

	if (enter_folder() == -1 || open_current() == -1 || fstat(fd, &st) == -1)
		return -1;
	if (st.st_size < SIZE_MAX_CURRENT)
		return 0;
	if (put_aside() == -1)
		return -1;
	close(fd);
	return open_current();
}

/* Where there is no room for a line, what the admin does is to make some. */
static int
bear_shortness(int error)
{
	if (error != 0 && !durable_is_full(error)) {
		errno = error;
		return -1;
	}
	is_short |= error != 0;
	return 0;
}

int
admin_log_open(void)
{
	int r = open_log() == -1 ? bear_shortness(errno) : 0;

	if (r == 0)
		log_hold_also(put);
	return r;
}

int
admin_log_check(void)
{
	int error = failure;

	failure = 0;
	return bear_shortness(error);
}

int
admin_log_sync(void)
{
	if (admin_log_check() == -1)
		return -1;
	return fd == -1 || fdatasync(fd) == 0 ? 0 : bear_shortness(errno);
}

int
admin_log_is_short(void)
{
	return is_short;
}

/* root has become root in some way */
const char *
admin_log_name(void)
{
	static const char *const names[] = {"SUDO_USER", "LOGNAME", "USER"};
	static char uid[DECIMAL_MAX];

	for (size_t i = 0; i < sizeof names / sizeof *names; ++i) {
		const char *name = getenv(names[i]);

		if (name != NULL && *name)
			return name;
	}
	return text_decimal(uid, getuid());
}
