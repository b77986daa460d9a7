#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "accept/offspring.h"

static void
close_between(int first, int last)
{
	if (first > last)
		return;
	if (syscall(SYS_close_range, first, last, 0) == 0)
		return;
	/* before Linux 5.9 */
	if (last == INT_MAX)
		last = (int)sysconf(_SC_OPEN_MAX) - 1;
	for (; first <= last; first++)
		close(first);
}

/* A client whose connection a child had too would not see it closed. */
static void
close_all_but(const int *keep, size_t n)
{
	int first = 3;

	close(0);
	for (size_t i = 0; i < n; i++) {
		close_between(first, keep[i] - 1);
		first = keep[i] + 1;
	}
	close_between(first, INT_MAX);
}

pid_t
offspring_fork(const int *keep, size_t n, int bound)
{
	pid_t parent = getpid(), pid = fork();
	sigset_t none;

	if (pid != 0)
		return pid;
	if (bound && (prctl(PR_SET_PDEATHSIG, SIGKILL) == -1 || getppid() != parent))
		_exit(111);
	close_all_but(keep, n);
	signal(SIGTERM, SIG_DFL);
	signal(SIGINT, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	return 0;
}
