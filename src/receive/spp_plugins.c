#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "lib/deadline.h"
#include "lib/log.h"
#include "lib/spawn_child.h"
#include "lib/text.h"
#include "receive/spp_plugins.h"

static const char *const names[SPP_EVENTS] = {
    "connection", "helo", "mail", "rcpt", "data"};

/* SPP_EVENTS when the name s[0..len) is none. */
static enum spp_event
find_event(const char *s, size_t len)
{
	int i;

	for (i = 0; i < SPP_EVENTS; i++)
		if (strlen(names[i]) == len && !memcmp(names[i], s, len))
			break;
	return (enum spp_event)i;
}

int
spp_plugins_read(struct spp_plugins *plugins, const char *lines, size_t len)
{
	enum spp_event event = SPP_EVENTS;
	const char *line, *end;
	int begun = 0;

	for (line = lines; line < lines + len; line += strlen(line) + 1) {
		end = strchr(line, ']');
		if (*line == '[' && end) {
			event = find_event(line + 1, (size_t)(end - line - 1));
			begun = 1;
			if (event == SPP_EVENTS)
				log_event(NULL, "unsupported", "file",
				    "control/smtpplugins", "line", line, NULL);
		} else if (!begun) {
			return -1;
		} else if (event != SPP_EVENTS) {
			text_catb(&plugins->list[event], line, strlen(line) + 1);
		}
	}
	return 0;
}

int
spp_plugins_add(struct spp_plugins *plugins, const char *s)
{
	size_t len = strcspn(s, "=");
	enum spp_event event = find_event(s, len);

	if (event == SPP_EVENTS || s[len] != '=' || !s[len + 1])
		return -1;
	text_catb(&plugins->list[event], s + len + 1, strlen(s + len + 1) + 1);
	return 0;
}

/* Returns the process, its standard output in *fd; -1 with errno. */
static pid_t
start(const char *plugin, int *fd)
{
	const char *const program[] = {plugin, NULL};
	const char *const shell[] = {"/bin/sh", "-c", plugin + 1, NULL};
	int null, ends[2], saved;
	pid_t pid = -1;

	null = open("/dev/null", O_RDONLY | O_CLOEXEC);
	if (null == -1)
		return -1;
	if (spawn_pipe(ends) == 0) {
		pid = spawn_child(*plugin == ':' ? shell : program,
		    (struct spawn_fd[]){{null, 0}, {ends[1], 1}}, 2);
		saved = errno;
		close(ends[1]);
		if (pid == -1)
			close(ends[0]);
		*fd = ends[0];
		errno = saved;
	}
	saved = errno;
	close(null);
	errno = saved;
	return pid;
}

/* Returns 0 at the end, or -1 with errno. */
static int
read_output(int fd, stralloc *output, int64_t until)
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
		if (output->len + (size_t)r > SPP_OUTPUT_MAX) {
			errno = EFBIG;
			return -1;
		}
		text_catb(output, buf, (size_t)r);
	}
}

int
spp_plugins_run(const char *plugin, stralloc *output, unsigned seconds)
{
	int64_t until = deadline_now() + seconds * INT64_C(1000);
	int fd, r, saved, status;
	pid_t pid;

	output->len = 0;
	pid = start(plugin, &fd);
	if (pid == -1)
		return -1;
	r = read_output(fd, output, until);
	saved = errno;
	close(fd);
	if (r == -1)
		kill(pid, SIGKILL);
	status = spawn_wait(pid);
	errno = r == -1 ? saved : errno;
	return r == -1 ? -1 : status;
}
