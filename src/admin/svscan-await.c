/* svscan-await: wait until s6-svscan has ended and another one has come, then run a
 * program. */

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

#include <errmsg.h>

#include "lib/text_decimal.h"
#include "lib/text_number.h"
#include "lib/verdict.h"

#define LOCK ".s6-svscan/lock" /* s6-svscan holds it while it runs */
#define STAT_MAX 1024
#define PID_MAX 4194304 /* proc(5) */
#define PAUSE 1000      /* milliseconds between looks for another one */

/* The parent of the process: its fourth field, and the name in the second may hold
 * anything. */
static pid_t
parent_of(pid_t pid)
{
	char path[sizeof "/proc//stat" + DECIMAL_MAX], digits[DECIMAL_MAX];
	char s[STAT_MAX], *at, *end;
	unsigned long long parent;
	ssize_t r;
	int fd;

	text_decimal(digits, (unsigned long long)pid);
	stpcpy(stpcpy(stpcpy(path, "/proc/"), digits), "/stat");
	fd = open(path, O_RDONLY | O_CLOEXEC);
	r = fd == -1 ? -1 : read(fd, s, sizeof s);
	if (r == -1)
		diesys(DEFER, "unable to read ", path);
	close(fd);
	at = memrchr(s, ')', (size_t)r);
	if (at == NULL || s + r - at < 5)
		die(DEFER, "unable to understand ", path);
	at += 4; /* a blank, a letter, a blank */
	end = memchr(at, ' ', (size_t)(s + r - at));
	if (end == NULL || !text_number(at, (size_t)(end - at), PID_MAX, &parent))
		die(DEFER, "unable to understand ", path);
	return (pid_t)parent;
}

/* Who runs the services: 0 when nobody does, or one that tells nobody. */
static pid_t
holder(void)
{
	struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
	int fd = open(LOCK, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK), r;

	if (fd == -1 && errno == ENOENT)
		return 0;
	if (fd == -1)
		diesys(DEFER, "unable to open ", LOCK);
	r = fcntl(fd, F_GETLK, &lock);
	if (r == -1)
		diesys(DEFER, "unable to look at ", LOCK);
	close(fd);
	return lock.l_type == F_UNLCK ? 0 : lock.l_pid;
}

/* Without waking up meanwhile. */
static void
wait_for_end(pid_t pid)
{
	struct pollfd poller = {.events = POLLIN};

	poller.fd = (int)syscall(SYS_pidfd_open, pid, 0);
	if (poller.fd == -1 && errno == ESRCH)
		return;
	if (poller.fd == -1)
		diesys(DEFER, "unable to look at s6-svscan");
	while (poll(&poller, 1, -1) == -1)
		if (errno != EINTR)
			diesys(DEFER, "unable to wait for the end of s6-svscan");
	close(poller.fd);
}

int
main(int argc, char **argv)
{
	pid_t former, now;

	errmsg_iam("svscan-await");
	if (argc < 3)
		die(DEFER, "usage: svscan-await folder program [argument...]");
	if (chdir(argv[1]) == -1)
		diesys(DEFER, "unable to enter ", argv[1]);
	former = parent_of(getppid());
	for (;;) {
		now = holder();
		if (now == former)
			wait_for_end(former);
		else if (now != 0)
			break;
		else
			poll(NULL, 0, PAUSE);
	}
	execvp(argv[2], argv + 2);
	diesys(DEFER, "unable to run ", argv[2]);
}
