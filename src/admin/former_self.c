#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "admin/former_self.h"
#include "lib/text_decimal.h"
#include "lib/text_number.h"

#define STAT_MAX 1024
#define START_FIELD 22 /* proc(5); the name ends the second */
#define BOOT "/proc/sys/kernel/random/boot_id"

/* Returns the length of what the file holds, at most max, or -1 with errno. */
static ssize_t
read_file(const char *path, char *s, size_t max)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), saved;
	ssize_t r;

	if (fd == -1)
		return -1;
	r = read(fd, s, max);
	saved = errno;
	close(fd);
	errno = saved;
	return r;
}

/* The number at *s, before stop; *s moves past that.  Returns 1, or 0. */
static int
take_number(const char **s, const char *end, char stop, unsigned long long *n)
{
	const char *at = memchr(*s, stop, (size_t)(end - *s));

	if (at == NULL || !text_number(*s, (size_t)(at - *s), ULLONG_MAX, n))
		return 0;
	*s = at + 1;
	return 1;
}

int
former_self_start(const char *s, size_t len, unsigned long long *start)
{
	const char *end = s + len, *at = memrchr(s, ')', len);
	int field;

	if (at == NULL)
		return 0;
	for (field = 2; field < START_FIELD; field++) {
		at = memchr(at, ' ', (size_t)(end - at));
		if (at == NULL)
			return 0;
		at++;
	}
	return take_number(&at, end, ' ', start);
}

int
former_self_find(struct former_self *self, unsigned long long pid)
{
	char path[sizeof "/proc//stat" + DECIMAL_MAX], digits[DECIMAL_MAX];
	char s[STAT_MAX];
	ssize_t r;

	memset(self, 0, sizeof *self);
	self->pid = pid;
	stpcpy(stpcpy(stpcpy(path, "/proc/"), text_decimal(digits, pid)), "/stat");
	r = read_file(path, s, sizeof s);
	if (r == -1)
		return -1;
	errno = EINVAL;
	if (!former_self_start(s, (size_t)r, &self->start))
		return -1;
	r = read_file(BOOT, self->boot, FORMER_SELF_BOOT);
	if (r == FORMER_SELF_BOOT)
		return 0;
	if (r != -1)
		errno = EINVAL;
	return -1;
}

size_t
former_self_put(char *s, const struct former_self *self)
{
	char digits[DECIMAL_MAX], *end;

	end = stpcpy(stpcpy(s, text_decimal(digits, self->pid)), " ");
	end = stpcpy(stpcpy(end, text_decimal(digits, self->start)), " ");
	return (size_t)(stpcpy(stpcpy(end, self->boot), "\n") - s);
}

int
former_self_scan(struct former_self *self, const char *s, size_t len)
{
	const char *end = s + len;

	memset(self, 0, sizeof *self);
	if (!take_number(&s, end, ' ', &self->pid) ||
	    !take_number(&s, end, ' ', &self->start) || self->pid == 0 ||
	    self->pid > INT_MAX || end - s != FORMER_SELF_BOOT + 1 || end[-1] != '\n')
		return 0;
	memcpy(self->boot, s, FORMER_SELF_BOOT);
	return strlen(self->boot) == FORMER_SELF_BOOT;
}

static int
is_over(int fd)
{
	struct pollfd poller = {.fd = fd, .events = POLLIN};

	return poll(&poller, 1, 0) == 1;
}

int
former_self_open(const struct former_self *self)
{
	struct former_self now;
	int fd, r;

	/* first, so that whatever is found out below is of whom the descriptor is */
	fd = (int)syscall(SYS_pidfd_open, (pid_t)self->pid, 0);
	if (fd == -1)
		return -1;
	r = former_self_find(&now, self->pid);
	if (r == 0 && now.start == self->start && strcmp(now.boot, self->boot) == 0 &&
	    !is_over(fd))
		return fd;
	if (r == 0 || errno == ENOENT)
		errno = ESRCH;
	r = errno;
	close(fd);
	errno = r;
	return -1;
}
