#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include "lib/deadline.h"
#include "lib/spawn_child.h"
#include "lib/spawn_output.h"
#include "lib/text.h"

/* As close(2), which leaves errno alone. */
static void
shut(int fd)
{
	int saved = errno;

	close(fd);
	errno = saved;
}

/* Returns the process, its standard output in *fd; -1 with errno. */
static pid_t
start(const char *const *argv, int is_silent, int *fd)
{
	int null, ends[2];
	pid_t pid = -1;

	null = open("/dev/null", O_RDWR | O_CLOEXEC);
	if (null == -1)
		return -1;
	if (spawn_child_pipe(ends) == 0) {
		pid = spawn_child(argv,
		    (struct spawn_fd[]){{null, 0}, {ends[1], 1}, {null, 2}},
		    is_silent ? 3 : 2);
		shut(ends[1]);
		if (pid == -1)
			shut(ends[0]);
		*fd = ends[0];
	}
	shut(null);
	return pid;
}

/* Returns 0 at the end, or -1 with errno. */
static int
read_output(int fd, stralloc *output, size_t max, int64_t until)
{
	char buf[1024];
	ssize_t r;

	for (;;) {
		if (deadline_wait(fd, POLLIN, until) == -1)
			return -1;
		r = read(fd, buf, sizeof buf);
		if (r == -1 && errno == EINTR)
			continue;
		if (r <= 0)
			return (int)r;
		if (output->len + (size_t)r > max) {
			errno = EFBIG;
			return -1;
		}
		text_catb(output, buf, (size_t)r);
	}
}

/* It may have closed its output, and still not end.  Returns 0, or -1 with errno. */
static int
await_end(pid_t pid, int64_t until)
{
	int r, process = spawn_child_watch(pid);

	if (process == -1)
		return 0; /* an old kernel: wait for it as long as it takes */
	r = deadline_wait(process, POLLIN, until);
	shut(process);
	return r;
}

int
spawn_output(
    const char *const *argv, stralloc *output, size_t max, int is_silent, int64_t until)
{
	int fd, r, saved, status;
	pid_t pid;

	output->len = 0;
	pid = start(argv, is_silent, &fd);
	if (pid == -1)
		return -1;
	r = read_output(fd, output, max, until);
	shut(fd);
	if (r == 0)
		r = await_end(pid, until);
	saved = errno;
	if (r == -1)
		kill(pid, SIGKILL);
	status = spawn_child_wait(pid);
	text_terminate(output);
	if (r == 0)
		return status;
	errno = saved;
	return -1;
}
