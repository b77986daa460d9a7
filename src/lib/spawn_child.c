#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/spawn_child.h"

extern char **environ;

pid_t
spawn_child(const char *const *argv, const struct spawn_fd *map, size_t n)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	sigset_t ignored, none;
	pid_t pid;
	size_t i;
	int r;

	r = posix_spawn_file_actions_init(&actions);
	if (r != 0) {
		errno = r;
		return -1;
	}
	r = posix_spawnattr_init(&attributes);
	for (i = 0; i < n && r == 0; i++)
		r = posix_spawn_file_actions_adddup2(&actions, map[i].from, map[i].to);
	/* the ones that our programs ignore: each one named here costs a system call */
	sigemptyset(&ignored);
	sigaddset(&ignored, SIGPIPE);
	sigaddset(&ignored, SIGXFSZ);
	sigemptyset(&none);
	if (r == 0)
		r = posix_spawnattr_setsigdefault(&attributes, &ignored);
	if (r == 0)
		r = posix_spawnattr_setsigmask(&attributes, &none);
	if (r == 0)
		r = posix_spawnattr_setflags(
		    &attributes, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
	if (r == 0)
		r = posix_spawnp(
		    &pid, argv[0], &actions, &attributes, (char *const *)argv, environ);
	posix_spawnattr_destroy(&attributes);
	posix_spawn_file_actions_destroy(&actions);
	if (r != 0) {
		errno = r;
		return -1;
	}
	return pid;
}

int
spawn_child_wait(pid_t pid)
{
	int status;

	while (waitpid(pid, &status, 0) == -1)
		if (errno != EINTR)
			return -1;
	return status;
}

int
spawn_child_watch(pid_t pid)
{
	return (int)syscall(SYS_pidfd_open, pid, 0);
}

int
spawn_child_pipe(int ends[2])
{
	return pipe2(ends, O_CLOEXEC);
}
