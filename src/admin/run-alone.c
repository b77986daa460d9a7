/* run-alone: run a program after the end of its former self. */

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

#include <errmsg.h>

#include "lib/text.h"
#include "lib/verdict.h"

#define TRIES 100        /* to get the lock */
#define PATIENCE 50      /* tries before SIGKILL */
#define PAUSE 100000000L /* nanoseconds from one to the next */
#define LOWEST 20        /* descriptor: those below have meanings */

/*
 * The lock on file, which ends with us and is not our children's: a record lock, for the
 * kernel tells who holds such a one.  Returns 0 for us, else the process that has it.
 */
static pid_t
take_lock(int fd, const char *file)
{
	struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};

	if (fcntl(fd, F_SETLK, &lock) == 0)
		return 0;
	if (errno != EAGAIN && errno != EACCES)
		diesys(DEFER, "unable to lock ", file);
	if (fcntl(fd, F_GETLK, &lock) == -1)
		diesys(DEFER, "unable to ask who holds ", file);
	return lock.l_type == F_UNLCK ? -1 : lock.l_pid;
}

int
main(int argc, char **argv)
{
	struct timespec pause = {0, PAUSE};
	char digits[DECIMAL_MAX];
	int low, fd, i;
	pid_t holder;

	errmsg_iam("run-alone");
	if (argc < 3)
		die(DEFER, "usage: run-alone lockfile program [argument...]");
	low = open(argv[1], O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (low == -1)
		diesys(DEFER, "unable to open ", argv[1]);
	/* Before the lock, because it would end with the first close. */
	fd = fcntl(low, F_DUPFD, LOWEST);
	if (fd == -1 || close(low) == -1)
		diesys(DEFER, "unable to move a descriptor");

	for (i = 0; (holder = take_lock(fd, argv[1])) != 0; i++) {
		if (i == TRIES || holder == getpid())
			die(DEFER, "unable to lock ", argv[1], ": it is held");
		if (holder > 0 && (i == 0 || i == PATIENCE)) {
			carp(i == 0 ? "ending" : "killing",
			    " the process that an earlier run has left: ",
			    text_decimal(digits, holder));
			if (kill(holder, i == 0 ? SIGTERM : SIGKILL) == -1 &&
			    errno != ESRCH)
				diesys(DEFER, "unable to end process ", digits);
		}
		nanosleep(&pause, NULL);
	}
	execvp(argv[2], argv + 2);
	diesys(DEFER, "unable to run ", argv[2]);
}
