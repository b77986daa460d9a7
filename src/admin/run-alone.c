/* run-alone: run a program after the end of its former self. */

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <errmsg.h>

#include "admin/former_self.h"
#include "lib/deadline.h"
#include "lib/text.h"
#include "lib/verdict.h"

#define TRIES 100        /* to get the lock */
#define PAUSE 100000000L /* nanoseconds from one to the next */
#define READY 3          /* facteur-services.7 */
#define STRANGE_MAX 4096 /* where the kernel can't close all at once */
#define PATIENCE 5000    /* milliseconds from one signal to the next */

/* Held only until our number is in the file: nothing of it is left to the program. */
static int
lock(const char *file)
{
	struct timespec pause = {0, PAUSE};
	int i, fd;

	fd = open(file, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600);
	if (fd == -1)
		diesys(DEFER, "unable to open ", file);
	for (i = 0; flock(fd, LOCK_EX | LOCK_NB) == -1; i++) {
		if (errno != EWOULDBLOCK)
			diesys(DEFER, "unable to lock ", file);
		if (i == TRIES)
			die(DEFER, "unable to lock ", file, ": it is held");
		nanosleep(&pause, NULL);
	}
	return fd;
}

/* Send the signal, and wait for what comes of it.  Returns 1 when the process has ended.
 */
static int
end(int process, int signal, const char *how, const char *digits)
{
	carp(how, " the process that an earlier run has left: ", digits);
	if (syscall(SYS_pidfd_send_signal, process, signal, NULL, 0) == -1 &&
	    errno != ESRCH)
		diesys(DEFER, "unable to end process ", digits);
	return deadline_wait(process, POLLIN, deadline_now() + PATIENCE) == 0;
}

/* End whom the file names, unless he has ended, whoever has his number now. */
static void
end_former_self(int fd, const char *file)
{
	char text[FORMER_SELF_MAX], digits[DECIMAL_MAX];
	struct former_self former;
	ssize_t len;
	int process;

	len = pread(fd, text, sizeof text, 0);
	if (len == -1)
		diesys(DEFER, "unable to read ", file);
	if (!former_self_scan(&former, text, (size_t)len) ||
	    former.pid == (unsigned long long)getpid())
		return;
	text_decimal(digits, former.pid);
	process = former_self_open(&former);
	if (process == -1 && errno == ESRCH)
		return;
	if (process == -1)
		diesys(DEFER, "unable to look at process ", digits);
	if (!end(process, SIGTERM, "ending", digits) &&
	    !end(process, SIGKILL, "killing", digits))
		die(DEFER, "process ", digits, " does not end");
	close(process);
}

/* Neither number nor time of a process change when it becomes another program. */
static void
write_self(int fd, const char *file)
{
	char text[FORMER_SELF_MAX];
	struct former_self self;
	size_t len;

	if (former_self_find(&self, (unsigned long long)getpid()) == -1)
		diesys(DEFER, "unable to read /proc");
	len = former_self_put(text, &self);
	if (ftruncate(fd, 0) == -1 || pwrite(fd, text, len, 0) != (ssize_t)len)
		diesys(DEFER, "unable to write ", file);
}

/*
 * A service has its input, its output, its log and, as READY, where it says that it is
 * ready.  What else was open where s6-svscan was started is nothing for it.
 */
static void
close_strange(void)
{
	int fd;

	if (syscall(SYS_close_range, READY + 1, ~0U, 0) == 0)
		return;
	for (fd = READY + 1; fd < STRANGE_MAX; fd++)
		close(fd);
}

int
main(int argc, char **argv)
{
	int fd;

	errmsg_iam("run-alone");
	if (argc < 3)
		die(DEFER, "usage: run-alone lockfile program [argument...]");
	close_strange();
	fd = lock(argv[1]);
	end_former_self(fd, argv[1]);
	write_self(fd, argv[1]);
	execvp(argv[2], argv + 2);
	diesys(DEFER, "unable to run ", argv[2]);
}
