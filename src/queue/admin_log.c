#include "queue/admin_log.h"

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
static int failure; /* errno of a line that could not be written, or 0 */

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

	make_label(label);
	label[LABEL_LEN] = ' ';
	r = writev(fd, parts, 2);
	if (r != (ssize_t)(sizeof label + len))
		failure = r == -1 ? errno : ENOSPC;
	errno = saved;
}

/* For root it belongs to whom the queue belongs to: both may be the admin. */
static int
make_folder(void)
{
	struct stat queue;

	if (mkdir(FOLDER, 02770) == -1)
		return errno == EEXIST ? 0 : -1;
	if (stat("queue", &queue) == -1)
		return -1;
	if (geteuid() == 0 && chown(FOLDER, queue.st_uid, queue.st_gid) == -1)
		return -1;
	return chmod(FOLDER, 02770);
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
	fd = open(CURRENT, O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0660);
	return fd == -1 ? -1 : 0;
}

int
admin_log_open(void)
{
	struct stat st;

	if (make_folder() == -1 || open_current() == -1 || fstat(fd, &st) == -1)
		return -1;
	if (st.st_size >= SIZE_MAX_CURRENT) {
		if (put_aside() == -1)
			return -1;
		close(fd);
		if (open_current() == -1)
			return -1;
	}
	log_also(put);
	return 0;
}

int
admin_log_check(void)
{
	if (failure == 0)
		return 0;
	errno = failure;
	failure = 0;
	return -1;
}

int
admin_log_sync(void)
{
	return admin_log_check() == -1 ? -1 : fdatasync(fd);
}

/* root has become root in some way */
const char *
admin_log_name(void)
{
	static const char *const names[] = {"SUDO_USER", "LOGNAME", "USER"};
	static char uid[DECIMAL_MAX];

	for (size_t i = 0; i < sizeof names / sizeof *names; ++i) {
		const char *name = getenv(names[i]);

		if (name && *name)
			return name;
	}
	return text_decimal(uid, getuid());
}
