#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include <errmsg.h>

#include "lib/heap.h"
#include "lib/ready.h"
#include "lib/spawn_child.h"
#include "lib/text.h"
#include "lib/verdict.h"
#include "origin/workers.h"

#define IDLE_SECONDS 60 /* after which one of several that wait ends */
#define PAUSE 200       /* milliseconds before another is begun, after a failure */

enum state { NOBODY, WAITS, SERVES };

struct workers {
	int listening;
	size_t most;
	void (*serve)(int fd);
	int bell[2];   /* rung by the last that waited, and by SIGCHLD */
	char *states;  /* an enum state each, in memory that all share */
	pid_t *pids;   /* the first process's */
	int is_paused; /* one has failed, and would again */
};

/* For the signals' handlers. */
static int bell;
static int door; /* where clients come in */
static volatile sig_atomic_t is_to_end;

static void
ring(int fd)
{
	int saved = errno;

	/* when it is full it is heard */
	if (write(fd, "", 1) == -1)
		errno = saved;
}

static void
hear_child(int number)
{
	(void)number;
	ring(bell);
}

/*
 * No other client is taken, from now on, and the socket is nobody's, so that who comes
 * does not wait there for nothing; the one who is served, is served to his end.
 */
static void
hear_end(int number)
{
	int saved = errno;

	(void)number;
	is_to_end = 1;
	dup2(2, door);
	errno = saved;
}

static int
is_any_waiting(const struct workers *w)
{
	size_t i;

	for (i = 0; i < w->most; i++)
		if (__atomic_load_n(&w->states[i], __ATOMIC_SEQ_CST) == WAITS)
			return 1;
	return 0;
}

static void
become(struct workers *w, size_t i, enum state state)
{
	__atomic_store_n(&w->states[i], (char)state, __ATOMIC_SEQ_CST);
}

/* The next client, or -1 when there has been none for long, or is to be no other. */
static int
await(struct workers *w, size_t i)
{
	int fd;

	while (!is_to_end) {
		fd = accept4(w->listening, NULL, NULL, SOCK_CLOEXEC);
		if (fd != -1)
			return fd;
		if (errno == EMFILE || errno == ENFILE || errno == ENOMEM ||
		    errno == ENOBUFS) {
			carpsys("unable to take another client");
			usleep(PAUSE * 1000);
		} else if (errno == EAGAIN) {
			become(w, i, SERVES);
			if (is_any_waiting(w))
				return -1;
			become(w, i, WAITS);
		} else if (errno != EINTR && errno != ECONNABORTED && !is_to_end) {
			diesys(DEFER, "unable to serve the socket");
		}
	}
	return -1;
}

static void __attribute__((noreturn)) work(struct workers *w, size_t i, pid_t first)
{
	const struct sigaction ending = {.sa_handler = hear_end, .sa_flags = SA_RESTART};
	int fd;

	signal(SIGCHLD, SIG_DFL);
	close(w->bell[0]);
	door = w->listening;
	if (sigaction(SIGTERM, &ending, NULL) == -1 ||
	    prctl(PR_SET_PDEATHSIG, SIGTERM) == -1 || getppid() != first)
		_exit(DEFER);
	while ((fd = await(w, i)) != -1) {
		become(w, i, SERVES);
		if (!is_any_waiting(w))
			ring(w->bell[1]);
		w->serve(fd);
		close(fd);
		become(w, i, WAITS);
	}
	_exit(ACCEPT);
}

/* Take note of those that have ended. */
static void
bury(struct workers *w)
{
	char digits[DECIMAL_MAX];
	int status;
	pid_t pid;
	size_t i;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		for (i = 0; i < w->most; i++)
			if (w->pids[i] == pid) {
				w->pids[i] = 0;
				become(w, i, NOBODY);
			}
		if (status == 0)
			continue;
		w->is_paused = 1;
		if (WIFSIGNALED(status))
			carp("a process that served a message has died of signal ",
			    text_decimal(digits, (unsigned)WTERMSIG(status)));
	}
}

/* Begin another, if there is a place for it. */
static void
hire(struct workers *w)
{
	pid_t first = getpid();
	size_t i;

	for (i = 0; i < w->most && w->pids[i] != 0; i++)
		;
	if (i == w->most)
		return;
	become(w, i, WAITS);
	w->pids[i] = fork();
	if (w->pids[i] == 0)
		work(w, i, first);
	if (w->pids[i] != -1)
		return;
	carpsys("unable to begin another process");
	w->pids[i] = 0;
	become(w, i, NOBODY);
	w->is_paused = 1;
}

static void
begin(struct workers *w)
{
	const struct timeval patience = {.tv_sec = IDLE_SECONDS};

	w->states = mmap(
	    NULL, w->most, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (w->states == MAP_FAILED || spawn_child_pipe(w->bell) == -1 ||
	    fcntl(w->bell[0], F_SETFL, O_NONBLOCK) == -1 ||
	    fcntl(w->bell[1], F_SETFL, O_NONBLOCK) == -1 ||
	    setsockopt(w->listening, SOL_SOCKET, SO_RCVTIMEO, &patience,
		sizeof patience) == -1 ||
	    fcntl(w->listening, F_SETFL, 0) == -1)
		diesys(DEFER, "unable to begin");
	w->pids = heap_make(w->most, sizeof *w->pids);
	bell = w->bell[1];
	signal(SIGCHLD, hear_child);
	ready_tell();
	if (dup2(2, 1) == -1) /* which no connection is to have */
		diesys(DEFER, "unable to begin");
}

void
workers_serve(int listening, size_t most, void (*serve)(int fd))
{
	struct workers w = {.listening = listening, .most = most, .serve = serve};
	struct pollfd poller;
	char rings[64];

	begin(&w);
	poller = (struct pollfd){.fd = w.bell[0], .events = POLLIN};
	for (;;) {
		bury(&w);
		if (!w.is_paused && !is_any_waiting(&w))
			hire(&w);
		if (poll(&poller, 1, w.is_paused ? PAUSE : -1) == -1 && errno != EINTR)
			diesys(DEFER, "unable to wait");
		w.is_paused = 0;
		while (read(w.bell[0], rings, sizeof rings) > 0)
			;
	}
}
