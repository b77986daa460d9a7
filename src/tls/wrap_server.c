#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/deadline.h"
#include "tls/wrap_authorities.h"
#include "tls/wrap_log.h"
#include "tls/wrap_server.h"
#include "tls/wrap_usable.h"

#define LISTENING 0
#define READY 1
#define PAUSE 100 /* milliseconds, when there is no room for one more process */

static void
note(int number)
{
	(void)number;
}

/* SIGCHLD comes only while we wait, so that none can fall between look and wait. */
static int
hear_of_children(sigset_t *while_waiting)
{
	struct sigaction action = {.sa_handler = note};
	sigset_t blocked;

	sigemptyset(&blocked);
	sigaddset(&blocked, SIGCHLD);
	return sigprocmask(SIG_BLOCK, &blocked, while_waiting) == -1 ||
		       sigdelset(while_waiting, SIGCHLD) == -1 ||
		       sigaction(SIGCHLD, &action, NULL) == -1
		   ? -1
		   : 0;
}

/* Nobody reads descriptor 1 any more, and no file shall get it. */
static int
tell_ready(void)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	if (null == -1 || write(READY, "\n", 1) == -1 || dup2(null, READY) == -1)
		return -1;
	return close(null);
}

/* Become the process of that connection. */
static int
begin_child(int fd, const sigset_t *mask)
{
	struct sigaction action = {.sa_handler = SIG_DFL};
	int flags = fcntl(fd, F_GETFL);

	if (sigaction(SIGCHLD, &action, NULL) == -1 ||
	    sigprocmask(SIG_SETMASK, mask, NULL) == -1 || flags == -1 ||
	    dup2(fd, LISTENING) == -1) {
		wrap_log_fault("unable to begin", "a connection");
		_exit(111);
	}
	close(fd);
	return 0;
}

/* Does it pass by itself?  What it takes is time, or that others end. */
static int
is_passing(int error)
{
	return error == EINTR || error == EAGAIN || error == ECONNABORTED ||
	       error == EMFILE || error == ENFILE || error == ENOMEM || error == ENOBUFS;
}

/*
 * Take one connection and fork.  Returns 0 in the child, 1 in the server, count being
 * brought up to date, or -1 with errno when the socket is of no use.
 */
static int
take_connection(const sigset_t *mask, size_t *count)
{
	int fd = accept4(LISTENING, NULL, NULL, SOCK_CLOEXEC);
	pid_t pid;

	if (fd == -1) {
		if (!is_passing(errno))
			return -1;
		if (errno != EINTR && errno != EAGAIN)
			poll(NULL, 0, PAUSE);
		return 1;
	}
	pid = fork();
	if (pid == 0)
		return begin_child(fd, mask);
	if (pid == -1) {
		wrap_log_fault("unable to make a process for", "a connection");
		poll(NULL, 0, PAUSE);
	} else {
		++*count;
	}
	close(fd);
	return 1;
}

int
wrap_server_run(size_t most, SSL_CTX *context)
{
	struct pollfd door = {.events = POLLIN};
	sigset_t mask;
	size_t count = 0;
	int64_t due = deadline_now();
	struct timespec wait = {.tv_sec = WRAP_USABLE_SECONDS};
	int r;

	if (hear_of_children(&mask) == -1 || tell_ready() == -1)
		return -1;
	for (;;) {
		while (count > 0 && waitpid(-1, NULL, WNOHANG) > 0)
			count--;
		/* poll does not look at a negative descriptor */
		door.fd = count < most ? LISTENING : -1;
		r = ppoll(&door, 1, &wait, &mask);
		if (r == -1 && errno != EINTR)
			return -1;
		if (deadline_now() >= due) {
			wrap_usable_look(context);
			wrap_authorities_refresh();
			due = deadline_now() + WRAP_USABLE_SECONDS * INT64_C(1000);
		}
		if (r < 1)
			continue;
		r = take_connection(&mask, &count);
		if (r < 1)
			return r;
	}
}
