#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include "lib/spawn_child.h"
#include "receive/policy_environment.h"
#include "receive/smtp_policy.h"

#define SOCKET_PREFIX "unix:"
#define SOCKET_PREFIX_LEN (sizeof SOCKET_PREFIX - 1)

/* Returns the socket, or -1 with errno.  A server that is too busy to take us in time
 * fails. */
static int
connect_to(const char *path, const struct timeval *patience)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd, saved;

	if (strlen(path) >= sizeof address.sun_path) {
		errno = ENAMETOOLONG;
		return -1;
	}
	strcpy(address.sun_path, path);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd == -1)
		return -1;
	if (setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, patience, sizeof *patience) == 0 &&
	    connect(fd, (struct sockaddr *)&address, sizeof address) == 0)
		return fd;
	saved = errno;
	close(fd);
	errno = saved;
	return -1;
}

/*
 * One socket pair is cheaper than two pipes, and it keeps time.  Returns our end of it,
 * or -1 with errno.
 */
static int
spawn(struct smtp_policy *policy)
{
	int ends[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) == -1)
		return -1;
	policy->pid =
	    spawn_child(policy->argv, (struct spawn_fd[]){{ends[1], 0}, {ends[1], 1}}, 2);
	close(ends[1]);
	if (policy->pid != -1)
		return ends[0];
	policy->pid = 0;
	close(ends[0]);
	return -1;
}

int
smtp_policy_start(struct smtp_policy *policy)
{
	struct timeval tv = {.tv_sec = SMTP_POLICY_SECONDS};
	const char *name = policy->argv[0];
	int is_socket = !strncmp(name, SOCKET_PREFIX, SOCKET_PREFIX_LEN);

	/* a session that asks nobody, as most that wait, has no memory for answers */
	if (!policy->answers)
		policy->answers = malloc(sizeof *policy->answers);
	if (!policy->answers)
		return -1;
	policy->answers->start = policy->answers->end = 0;
	policy->skip = 0;
	policy->told_helo = policy->told_mail = 0;
	policy->done.len = 0;
	if (is_socket && policy_environment_put(&policy->done) == -1)
		return -1;
	policy->fd =
	    is_socket ? connect_to(name + SOCKET_PREFIX_LEN, &tv) : spawn(policy);
	if (policy->fd == -1)
		return -1;
	policy->running = 1;
	return setsockopt(policy->fd, SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof tv);
}
