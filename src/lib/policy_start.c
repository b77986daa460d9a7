#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "lib/policy_environment.h"
#include "lib/policy_start.h"
#include "lib/spawn_child.h"
#include "lib/unix_connect.h"

#define SOCKET_PREFIX "unix:"
#define SOCKET_PREFIX_LEN (sizeof SOCKET_PREFIX - 1)

/*
 * One socket pair is cheaper than two pipes, and it keeps time.  Returns our end of it,
 * or -1 with errno.
 */
static int
spawn(struct policy *policy)
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
policy_start(struct policy *policy)
{
	struct timeval tv = {.tv_sec = POLICY_SECONDS};
	const char *name = policy->argv[0];
	int is_socket = strncmp(name, SOCKET_PREFIX, SOCKET_PREFIX_LEN) == 0;

	/* a session that asks nobody, as most that wait, has no memory for answers */
	if (policy->answers == NULL)
		policy->answers = malloc(sizeof *policy->answers);
	if (policy->answers == NULL)
		return -1;
	policy->answers->start = policy->answers->end = 0;
	policy->skip = 0;
	policy->told_helo = policy->told_mail = 0;
	policy->wish = -1;
	policy->is_greeted = !is_socket;
	policy->done.len = 0;
	if (is_socket && policy_environment_put(&policy->done) == -1)
		return -1;
	policy->fd = is_socket ? unix_connect(name + SOCKET_PREFIX_LEN, POLICY_SECONDS)
			       : spawn(policy);
	if (policy->fd == -1)
		return -1;
	policy->running = 1;
	return setsockopt(policy->fd, SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof tv);
}
