/*
 * smtp_load: send messages over many SMTP connections and wait until the last stands in
 * its maildir.
 *
 * smtp_load [-kp] [-c clients] [-n messages] [-m messages-per-connection] [-s bytes]
 *     [-r recipients] [-t seconds] ip port domain [maildir...]
 *
 * Message k goes to recipients box1@domain, box2@domain..., one for each maildir, in
 * turn. Arrivals are counted by inotify, so that nobody reads a directory meanwhile.  -n
 * 0 makes -c connections that say EHLO and QUIT only, for as long as -t says.  -p sends
 * MAIL, RCPT and DATA in one piece.  -k leaves the connections open in the end, until
 * standard input ends.  Prints one line of name=value pairs.
 */

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/inotify.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define EVENTS 256
#define LINE_MAX_REPLY 2048
#define COMMANDS_MAX 32768

enum state { FREE, GREETING, EHLO, MAIL, RCPT, DATA, BODY, QUIT, IDLE };

struct client {
	int fd;
	enum state state;
	int waiting;   /* for EPOLLOUT */
	long messages; /* begun in this connection */
	long first;    /* recipient of this message, counted through all messages */
	long named;    /* recipients so far */
	double began;  /* the transaction */
	const char *out;
	size_t left; /* of out */
	char commands[COMMANDS_MAX];
	char line[LINE_MAX_REPLY];
	size_t len;
};

static struct sockaddr_in server;
static const char *domain;
static long clients = 1, messages = 1, per_connection = 1, size = 10240, recipients = 1;
static long timeout = 60;
static int keep, pipelining;

static struct client *all;
static char *body;
static size_t body_len;
static double *latency;
static long begun, accepted, failed, connections, boxes, expected, arrived, active;
static double started, last_accepted, last_arrived;
static int poller, watcher = -1;

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void
fail(const char *what)
{
	fprintf(stderr, "smtp_load: %s: %s\n", what, strerror(errno));
	exit(111);
}

/* The message, canonical lines and the final dot, the same bytes for all. */
static void
make_body(void)
{
	static const char head[] =
	    "From: <sender@bench.example>\r\nTo: <box@bench.example>\r\n"
	    "Subject: a message of the benchmark\r\n"
	    "Date: Mon, 23 Nov 2026 09:35:00 +0000\r\n"
	    "Message-ID: <benchmark@bench.example>\r\n\r\n";
	size_t n = sizeof(head) - 1, end, i;

	end = (size_t)size > n + 2 ? (size_t)size : n + 2;
	body = malloc(end + 3);
	if (body == NULL)
		fail("unable to make the message");
	memcpy(body, head, n);
	for (i = n; i < end; i++)
		body[i] = (char)('a' + i % 26);
	for (i = n + 72; i < end - 2; i += 74)
		memcpy(body + i, "\r\n", 2);
	if (end >= 4 && body[end - 3] == '\r')
		body[end - 3] = 'x'; /* no bare CR before the last line end */
	memcpy(body + end - 2, "\r\n.\r\n", 5);
	body_len = end + 3;
}

static void
watch(struct client *c, int writing)
{
	struct epoll_event event = {.data.ptr = c};

	if (c->waiting == writing)
		return;
	event.events = EPOLLIN | (writing ? EPOLLOUT : 0);
	if (epoll_ctl(poller, EPOLL_CTL_MOD, c->fd, &event) == -1)
		fail("epoll_ctl");
	c->waiting = writing;
}

static void
hang_up(struct client *c)
{
	if (c->state != QUIT && c->state != IDLE)
		failed++;
	close(c->fd);
	c->fd = -1;
	c->state = FREE;
	active--;
}

static void
flush(struct client *c)
{
	ssize_t w;

	while (c->left > 0) {
		w = send(c->fd, c->out, c->left, MSG_NOSIGNAL);
		if (w == -1 && errno == EAGAIN)
			break;
		if (w == -1)
			return; /* the reading side will see it */
		c->out += w;
		c->left -= (size_t)w;
	}
	watch(c, c->left > 0);
}

static void
say(struct client *c, enum state state, const char *format, ...)
{
	va_list arguments;
	size_t done = 0;

	/* what a pipelined group has put there before is still to be sent */
	if (c->out == c->commands)
		done = c->left;
	va_start(arguments, format);
	c->left = done + (size_t)vsnprintf(c->commands + done, sizeof(c->commands) - done,
			     format, arguments);
	va_end(arguments);
	c->out = c->commands;
	c->state = state;
	if (c->left >= sizeof(c->commands)) {
		errno = EMSGSIZE;
		fail("too many recipients");
	}
}

static void
connect_client(struct client *c)
{
	struct epoll_event event = {.data.ptr = c, .events = EPOLLIN};
	int one = 1;

	c->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (c->fd == -1)
		fail("unable to make a socket");
	setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	c->state = GREETING;
	c->waiting = 0;
	c->messages = 0;
	c->left = c->len = 0;
	c->out = c->commands;
	connections++;
	active++;
	if (connect(c->fd, (struct sockaddr *)&server, sizeof(server)) == -1 &&
	    errno != EINPROGRESS) {
		hang_up(c);
		return;
	}
	if (epoll_ctl(poller, EPOLL_CTL_ADD, c->fd, &event) == -1)
		fail("epoll_ctl");
}

/* RCPT for the next recipient; DATA after the last. */
static void
name_recipient(struct client *c)
{
	if (c->named < recipients)
		say(c, RCPT, "RCPT TO:<box%ld@%s>\r\n",
		    (c->first + c->named++) % boxes + 1, domain);
	else
		say(c, DATA, "DATA\r\n");
}

/* The connection is between two messages: what next? */
static void
next(struct client *c)
{
	if (begun < messages && c->messages < per_connection) {
		c->first = begun++ * recipients;
		c->named = 0;
		c->messages++;
		c->began = now();
		say(c, MAIL, "MAIL FROM:<sender@bench.example>\r\n");
		while (pipelining && c->state != DATA)
			name_recipient(c);
	} else if (keep)
		c->state = IDLE;
	else
		say(c, QUIT, "QUIT\r\n");
}

static void
message_accepted(struct client *c)
{
	last_accepted = now();
	latency[accepted++] = last_accepted - c->began;
	next(c);
}

/* A complete reply with this code has come. */
static void
reply(struct client *c, int code)
{
	if (code >= 400 && c->state != QUIT) {
		if (failed == 0)
			fprintf(stderr, "smtp_load: refused: %s\n", c->line);
		failed++;
		say(c, QUIT, "QUIT\r\n");
		return;
	}
	switch (c->state) {
	case GREETING:
		say(c, EHLO, "EHLO bench.example\r\n");
		break;
	case EHLO:
		next(c);
		break;
	case MAIL:
	case RCPT:
		name_recipient(c);
		break;
	case DATA:
		if (code != 354)
			break; /* to one of the commands sent before DATA */
		c->out = body;
		c->left = body_len;
		c->state = BODY;
		break;
	case BODY:
		message_accepted(c);
		break;
	case QUIT:
		hang_up(c);
		break;
	default:
		break;
	}
}

static void
readable(struct client *c)
{
	ssize_t r = recv(c->fd, c->line + c->len, sizeof(c->line) - 1 - c->len, 0);
	char *end;
	int last;

	if (r == -1 && errno == EAGAIN)
		return;
	if (r <= 0) {
		hang_up(c);
		return;
	}
	c->len += (size_t)r;
	while (c->state != FREE && (end = memchr(c->line, '\n', c->len)) != NULL) {
		*end++ = '\0';
		last = c->line[3] != '-';
		if (last)
			reply(c, atoi(c->line));
		c->len -= (size_t)(end - c->line);
		memmove(c->line, end, c->len);
	}
	if (c->state != FREE && c->left > 0)
		flush(c);
}

/* Count what came into the maildirs. */
static void
count_arrivals(void)
{
	char buf[65536] __attribute__((aligned(__alignof__(struct inotify_event))));
	const struct inotify_event *event;
	ssize_t r, i;

	r = read(watcher, buf, sizeof(buf));
	for (i = 0; i < r; i += (ssize_t)(sizeof(*event) + event->len)) {
		event = (const struct inotify_event *)(buf + i);
		if (event->mask & IN_Q_OVERFLOW) {
			errno = EOVERFLOW;
			fail("arrivals were missed");
		}
		arrived++;
	}
	last_arrived = now();
}

static void
watch_maildirs(char **maildirs, int n)
{
	struct epoll_event event = {.events = EPOLLIN, .data.ptr = NULL};
	char path[4096];
	int i;

	watcher = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	if (watcher == -1)
		fail("inotify_init");
	for (i = 0; i < n; i++) {
		snprintf(path, sizeof(path), "%s/new", maildirs[i]);
		if (inotify_add_watch(watcher, path, IN_CREATE | IN_MOVED_TO) == -1)
			fail(path);
	}
	if (epoll_ctl(poller, EPOLL_CTL_ADD, watcher, &event) == -1)
		fail("epoll_ctl");
}

/* Is there something left to wait for, to begin? */
static int
unfinished(void)
{
	long i, idle = 0;

	for (i = 0; i < clients; i++)
		idle += all[i].state == IDLE;
	if (messages == 0 && !keep)
		return active > 0;
	if (idle < active)
		return 1;
	return expected > 0 && arrived < accepted * recipients;
}

static void
begin_connections(void)
{
	long i, coming = 0;
	int wanted;

	for (i = 0; i < clients; i++)
		coming += all[i].state == GREETING || all[i].state == EHLO;
	for (i = 0; i < clients; i++) {
		if (keep)
			wanted = connections < clients;
		else if (messages == 0)
			wanted = now() < started + (double)timeout;
		else
			wanted = begun + coming < messages;
		if (all[i].state == FREE && wanted) {
			connect_client(&all[i]);
			coming++;
		}
	}
}

static void
work(void)
{
	struct epoll_event events[EVENTS];
	double end = started + (double)timeout + (messages == 0 ? 5 : 0);
	int i, n;

	begin_connections();
	while (unfinished() && now() < end) {
		n = epoll_wait(poller, events, EVENTS, 1000);
		for (i = 0; i < n; i++) {
			if (events[i].data.ptr == NULL)
				count_arrivals();
			else {
				if (events[i].events & EPOLLOUT)
					flush(events[i].data.ptr);
				if (events[i].events & ~(unsigned)EPOLLOUT)
					readable(events[i].data.ptr);
			}
		}
		begin_connections();
	}
}

static int
by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static void
report(void)
{
	struct rusage used;
	double cpu, seconds = now() - started;

	if (accepted > 0)
		seconds = (expected > 0 && last_arrived > last_accepted ? last_arrived
									: last_accepted) -
			  started;
	getrusage(RUSAGE_SELF, &used);
	cpu = (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
	      (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
	qsort(latency, (size_t)accepted, sizeof(*latency), by_value);
	printf("connections=%ld accepted=%ld arrived=%ld failed=%ld seconds=%.3f ",
	    connections, accepted, arrived, failed, seconds);
	printf("accepting=%.3f rate=%.1f cpu=%.3f",
	    accepted > 0 ? last_accepted - started : 0,
	    (double)(messages > 0 ? accepted : connections) / seconds, cpu);
	if (accepted > 0)
		printf(" p50=%.1f p99=%.1f max=%.1f", latency[accepted / 2] * 1e3,
		    latency[accepted * 99 / 100] * 1e3, latency[accepted - 1] * 1e3);
	printf("\n");
	fflush(stdout);
}

static long
number(const char *s)
{
	char *end;
	long n = strtol(s, &end, 10);

	if (*s == '\0' || *end != '\0' || n < 0) {
		errno = EINVAL;
		fail(s);
	}
	return n;
}

static void
take_options(int argc, char **argv)
{
	int option;

	while ((option = getopt(argc, argv, "kpc:n:m:s:r:t:")) != -1)
		switch (option) {
		case 'k':
			keep = 1;
			break;
		case 'p':
			pipelining = 1;
			break;
		case 'c':
			clients = number(optarg);
			break;
		case 'n':
			messages = number(optarg);
			break;
		case 'm':
			per_connection = number(optarg);
			break;
		case 's':
			size = number(optarg);
			break;
		case 'r':
			recipients = number(optarg);
			break;
		case 't':
			timeout = number(optarg);
			break;
		default:
			exit(111);
		}
	if (argc - optind < 3) {
		fprintf(
		    stderr, "usage: smtp_load [options] ip port domain [maildir...]\n");
		exit(111);
	}
}

int
main(int argc, char **argv)
{
	char c;

	take_options(argc, argv);
	server.sin_family = AF_INET;
	server.sin_port = htons((uint16_t)number(argv[optind + 1]));
	if (inet_pton(AF_INET, argv[optind], &server.sin_addr) != 1)
		fail(argv[optind]);
	domain = argv[optind + 2];
	signal(SIGPIPE, SIG_IGN);
	make_body();
	all = calloc((size_t)clients, sizeof(*all));
	latency = calloc((size_t)messages + 1, sizeof(*latency));
	poller = epoll_create1(EPOLL_CLOEXEC);
	if (all == NULL || latency == NULL || poller == -1)
		fail("unable to begin");
	boxes = argc - optind - 3;
	expected = boxes > 0 ? messages * recipients : 0;
	if (boxes > 0)
		watch_maildirs(argv + optind + 3, (int)boxes);
	else
		boxes = 1;

	started = now();
	work();
	report();
	while (keep && read(0, &c, 1) > 0)
		;
	return failed > 0 || accepted < messages || (expected > 0 && arrived < expected);
}
