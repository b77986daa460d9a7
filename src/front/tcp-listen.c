/* tcp-listen: take connections, and start a program for each. */

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <errmsg.h>

#include "front/chain.h"
#include "front/listener.h"
#include "lib/farewell.h"
#include "lib/peer_limits.h"
#include "lib/places.h"
#include "lib/stranger.h"
#include "lib/text.h"
#include "lib/verdict.h"

#define USAGE                                                                            \
	"usage: tcp-listen [-1DHR] [-b backlog] [-c connections] [-g gid] [-l name] "    \
	"[-u uid] ip port program [argument...]"
#define PORT_MAX 65535
#define BACKLOG_MAX 65535
#define ID_MAX 2147483647
#define PAUSE 100 /* milliseconds, when there is no room for one more connection */

static unsigned concurrency = 40, backlog = 20, uid, gid, port;
static int tells_port, is_prompt;
static const char *ip;
static char **program;
static struct peer_limits limits; /* none, unless peer-limit's options stand there */
static int places = -1;           /* their file */
static unsigned count;            /* of connections */
static sigset_t former_mask;

static unsigned
number(const char *s, unsigned least, unsigned most)
{
	unsigned long long n;

	if (!text_number(s, strlen(s), most, &n) || n < least)
		die(DEFER, USAGE);
	return (unsigned)n;
}

static void
take_option(int option)
{
	switch (option) {
	case '1':
		tells_port = 1;
		break;
	case 'D':
		is_prompt = 1;
		break;
	case 'H':
	case 'R': /* we never look up what these forbid */
		break;
	case 'b':
		backlog = number(optarg, 1, BACKLOG_MAX);
		break;
	case 'c':
		concurrency = number(optarg, 1, PLACES_SERVER_MAX);
		break;
	case 'g':
		gid = number(optarg, 1, ID_MAX);
		break;
	case 'l':
		if (setenv("TCPLOCALHOST", optarg, 1) == -1)
			diesys(DEFER, "unable to set the environment");
		break;
	case 'u':
		uid = number(optarg, 1, ID_MAX);
		break;
	default:
		die(DEFER, USAGE);
	}
}

static void
take_arguments(int argc, char **argv)
{
	int option, next;

	while ((option = getopt(argc, argv, "+1DHRb:c:g:l:u:")) != -1)
		take_option(option);
	argc -= optind;
	argv += optind;
	if (argc < 3)
		die(DEFER, USAGE);
	ip = argv[0];
	port = number(argv[1], 0, PORT_MAX);
	next = peer_limits_take_over(&limits, argc - 2, argv + 2);
	if (next == -1)
		die(DEFER, "usage: " PEER_LIMITS_USAGE);
	program = argv + 2 + next;
}

static void
become_user(void)
{
	gid_t group = gid;

	if (gid != 0 && (setgroups(1, &group) == -1 || setgid(gid) == -1))
		diesys(DEFER, "unable to set the group");
	if (uid != 0 && setuid(uid) == -1)
		diesys(DEFER, "unable to set the user");
}

/* Whoever reads descriptor 1 waits for its end; and no connection shall get it. */
static void
tell_port(int listening)
{
	char digits[DECIMAL_MAX];
	stralloc line = {0};
	int null;

	if (tells_port) {
		text_cat(&line, text_decimal(digits, listener_port(listening)), "\n",
		    (char *)NULL);
		if (write(1, line.s, line.len) != (ssize_t)line.len)
			diesys(DEFER, "unable to tell the port");
	}
	null = open("/dev/null", O_RDWR | O_CLOEXEC);
	if (null == -1 || dup2(null, 0) == -1 || dup2(null, 1) == -1)
		diesys(DEFER, "unable to open /dev/null");
	close(null);
}

/* A descriptor that is readable when a child has ended. */
static int
watch_children(void)
{
	sigset_t set;
	int fd;

	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	fd = sigprocmask(SIG_BLOCK, &set, &former_mask) == -1
		 ? -1
		 : signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	if (fd == -1)
		diesys(DEFER, "unable to watch children");
	return fd;
}

static void
reap(int children)
{
	struct signalfd_siginfo ended;

	while (read(children, &ended, sizeof ended) > 0)
		;
	while (waitpid(-1, NULL, WNOHANG) > 0)
		count--;
}

/* Returns 0 when the server has no place left: the last one is for saying so. */
static int
take_server_place(int fd)
{
	const char *reply;
	int r;

	if (limits.per_server == 0)
		return 1;
	r = places_judge(count, limits.per_server);
	if (r == 0) {
		peer_limits_log_refusal(getenv("TCPREMOTEIP"), "any");
		/* there is room for so little; who has gone need not hear it */
		reply = peer_limits_server_reply(&limits);
		if (reply != NULL)
			send(fd, reply, strlen(reply), MSG_DONTWAIT | MSG_NOSIGNAL);
		return 0;
	}
	if ((r == 2 ? setenv(STRANGER_BUSY, "1", 1) : unsetenv(STRANGER_BUSY)) == -1)
		diesys(DEFER, "unable to set the environment");
	return 1;
}

/*
 * The child has our memory until it is another program, and nothing that it does before
 * may wait: a reply to a new connection does not.  The places are its own, for the locks
 * belong to its number.
 */
static pid_t
start(int fd)
{
	const char *trouble = peer_limits_trouble(&limits);
	pid_t pid = vfork();

	if (pid != 0)
		return pid;
	if (dup2(fd, 0) == -1 || dup2(fd, 1) == -1 ||
	    sigprocmask(SIG_SETMASK, &former_mask, NULL) == -1)
		farewell_fail(trouble, "use", "the connection");
	if (places != -1)
		peer_limits_take_peer(&limits, places, getenv("TCPREMOTEIP"));
	chain_exec(trouble, program);
}

/* Does it pass by itself?  What it takes is time, or that others end. */
static int
is_passing(int error)
{
	return error == EMFILE || error == ENFILE || error == ENOMEM || error == ENOBUFS;
}

static void
take_connection(int listening)
{
	union listener_address remote;
	socklen_t len = sizeof remote;
	int fd = accept4(listening, &remote.any, &len, SOCK_CLOEXEC);

	/* most of what can be wrong is so with the connection only: accept(2) */
	if (fd == -1) {
		if (is_passing(errno)) {
			carpsys("unable to take a connection");
			poll(NULL, 0, PAUSE);
		} else if (errno == EBADF || errno == EINVAL || errno == ENOTSOCK) {
			diesys(DEFER, "unable to take connections");
		}
		return;
	}
	if (listener_describe(fd, &remote) == -1)
		carpsys("unable to look at a connection");
	else if (take_server_place(fd)) {
		/* each of our writes is complete: RFC 1122, 4.2.3.4 would let it wait */
		if (is_prompt)
			setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &(int){1}, sizeof(int));
		if (start(fd) == -1)
			carpsys("unable to start ", program[0]);
		else
			count++;
	}
	close(fd);
}

static void
serve(int listening, int children)
{
	struct pollfd doors[] = {{.fd = children, .events = POLLIN}, {.events = POLLIN}};

	for (;;) {
		/* poll does not look at a negative descriptor */
		doors[1].fd = count < concurrency ? listening : -1;
		if (poll(doors, 2, -1) == -1) {
			if (errno != EINTR)
				diesys(DEFER, "unable to wait for connections");
			continue;
		}
		if (doors[0].revents)
			reap(children);
		if (doors[1].revents)
			take_connection(listening);
	}
}

int
main(int argc, char **argv)
{
	int listening;

	errmsg_iam("tcp-listen");
	unsetenv("TCPLOCALHOST");
	unsetenv("TCPREMOTEHOST");
	unsetenv("TCPREMOTEINFO");
	take_arguments(argc, argv);
	listening = listener_open(ip, port, backlog);
	if (listening == -1)
		diesys(DEFER, "unable to listen on ", ip, " ", argv[optind + 1]);
	become_user();
	if (limits.per_address > 0 || limits.per_network > 0) {
		places = peer_limits_open(&limits, 0);
		if (places == -1)
			return DEFER;
	}
	tell_port(listening);
	serve(listening, watch_children());
}
