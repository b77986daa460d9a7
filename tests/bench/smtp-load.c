/*
 * smtp-load: send messages over many SMTP connections and wait until the last stands in
 * its maildir, or has come to tls-sink.
 *
 * smtp-load [-kp] [-c clients] [-n messages] [-m messages-per-connection] [-s bytes]
 *     [-r recipients] [-t seconds] [-d domains] [-a fifo] [-b file] ip port domain
 *     [maildir...]
 *
 * Message k goes to recipients box1@domain, box2@domain..., one for each maildir, in
 * turn; with -d to d1.domain, d2.domain... in turn.  -a counts what tls-sink writes into
 * the fifo.  -b sends the message in a file, whose lines end with LF. -n 0 makes -c
 * connections that say EHLO and QUIT only, for as long as -t says. -p sends MAIL, RCPT
 * and DATA in one piece.  -k leaves the connections open in the end, until standard input
 * ends.  Prints one line of name=value pairs.
 */

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <unistd.h>

#include "arrivals.h"
#include "smtp_client.h"

#define EVENTS 256
#define PATIENCE 5 /* seconds beyond -t for connections under way */

static struct smtp_load load = {.messages = 1, .per_connection = 1, .recipients = 1};
static struct smtp_client *all;
static long clients = 1, size = 10240, timeout = 60;
static long expected, arrived;
static double started, last_arrived;
static int watcher = -1;
static const char *fifo; /* of tls-sink */
static const char *body_file;

/* The message in the file, with CRLF and the final dot. */
static void
read_body(void)
{
	FILE *file = fopen(body_file, "r");
	size_t len = 0;
	char *body;
	int c;

	if (file == NULL || fseek(file, 0, SEEK_END) == -1 ||
	    (body = malloc(3 * (size_t)ftell(file) + 5)) == NULL)
		bench_fail(body_file);
	rewind(file);
	while ((c = getc(file)) != EOF) {
		if (c == '.' && (len == 0 || body[len - 1] == '\n'))
			body[len++] = '.';
		if (c == '\n')
			body[len++] = '\r';
		body[len++] = (char)c;
	}
	fclose(file);
	memcpy(body + len, ".\r\n", 3);
	load.body = body;
	load.body_len = len + 3;
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
	char *body;

	end = (size_t)size > n + 2 ? (size_t)size : n + 2;
	body = malloc(end + 3);
	if (body == NULL)
		bench_fail("unable to make the message");
	memcpy(body, head, n);
	for (i = n; i < end; i++)
		body[i] = (char)('a' + i % 26);
	for (i = n + 72; i + 2 < end - 2; i += 74)
		memcpy(body + i, "\r\n", 2);
	memcpy(body + end - 2, "\r\n.\r\n", 5);
	load.body = body;
	load.body_len = end + 3;
}

/* Is there something left to wait for? */
static int
unfinished(void)
{
	long i, idle = 0;

	for (i = 0; i < clients; i++)
		idle += all[i].state == IDLE;
	return idle < load.active ||
	       (expected > 0 && arrived < load.accepted * load.recipients);
}

static void
begin_connections(void)
{
	long i, coming = 0;
	int wanted;

	for (i = 0; i < clients; i++)
		coming += all[i].state == GREETING || all[i].state == EHLO;
	for (i = 0; i < clients; i++) {
		if (load.keep)
			wanted = load.connections < clients;
		else if (load.messages == 0)
			wanted = bench_now() < started + (double)timeout;
		else
			wanted = load.begun + coming < load.messages;
		if (all[i].state == FREE && wanted) {
			smtp_client_connect(&load, &all[i]);
			coming++;
		}
	}
}

/* What tls-sink has taken since the last call. */
static long
count_taken(void)
{
	char bytes[4096];
	long all_read = 0;
	ssize_t r;

	while ((r = read(watcher, bytes, sizeof(bytes))) > 0)
		all_read += r;
	return r == -1 && errno != EAGAIN ? -1 : all_read;
}

static void
take_event(const struct epoll_event *event)
{
	long n;

	if (event->data.ptr == NULL) {
		n = fifo != NULL ? count_taken() : arrivals_count(watcher);
		if (n == -1)
			bench_fail("unable to count what arrives");
		arrived += n;
		last_arrived = bench_now();
		return;
	}
	if (event->events & EPOLLOUT)
		smtp_client_write(&load, event->data.ptr);
	if (event->events & ~(unsigned)EPOLLOUT)
		smtp_client_read(&load, event->data.ptr);
}

static void
work(void)
{
	struct epoll_event events[EVENTS];
	double end = started + (double)timeout + PATIENCE;
	int i, n;

	begin_connections();
	while (unfinished() && bench_now() < end) {
		n = epoll_wait(load.poller, events, EVENTS, 1000);
		for (i = 0; i < n; i++)
			take_event(&events[i]);
		begin_connections();
	}
}

static int
by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double
seconds_of(struct timeval t)
{
	return (double)t.tv_sec + (double)t.tv_usec / 1e6;
}

static void
report(void)
{
	long done = load.messages > 0 ? load.accepted : load.connections;
	double seconds = bench_now() - started;
	struct rusage used;

	if (load.accepted > 0) {
		seconds = load.last_accepted - started;
		if (expected > 0 && last_arrived > load.last_accepted)
			seconds = last_arrived - started;
		printf("accepting=%.3f ", load.last_accepted - started);
		qsort(load.latency, (size_t)load.accepted, sizeof(double), by_value);
		printf("p50=%.1f p99=%.1f max=%.1f ",
		    load.latency[load.accepted / 2] * 1e3,
		    load.latency[load.accepted * 99 / 100] * 1e3,
		    load.latency[load.accepted - 1] * 1e3);
	}
	getrusage(RUSAGE_SELF, &used);
	printf("connections=%ld accepted=%ld arrived=%ld failed=%ld ", load.connections,
	    load.accepted, arrived, load.failed);
	printf("seconds=%.3f rate=%.1f cpu=%.3f\n", seconds, (double)done / seconds,
	    seconds_of(used.ru_utime) + seconds_of(used.ru_stime));
	fflush(stdout);
}

static long
number(const char *s)
{
	char *end;
	long n = strtol(s, &end, 10);

	if (*s == '\0' || *end != '\0' || n < 0) {
		errno = EINVAL;
		bench_fail(s);
	}
	return n;
}

static void
usage(void)
{
	fprintf(stderr, "usage: smtp-load [options] ip port domain [maildir...]\n");
	exit(111);
}

static void
take_options(int argc, char **argv)
{
	static const char letters[] = "cnmsrtd";
	long *values[] = {&clients, &load.messages, &load.per_connection, &size,
	    &load.recipients, &timeout, &load.domains};
	const char *letter;
	int option;

	while ((option = getopt(argc, argv, "kpc:n:m:s:r:t:d:a:b:")) != -1) {
		letter = strchr(letters, option);
		if (option == 'k')
			load.keep = 1;
		else if (option == 'p')
			load.pipelining = 1;
		else if (option == 'a')
			fifo = optarg;
		else if (option == 'b')
			body_file = optarg;
		else if (letter != NULL)
			*values[letter - letters] = number(optarg);
		else
			usage();
	}
	if (argc - optind < 3)
		usage();
}

static void
take_server(char **argv)
{
	load.server.sin_family = AF_INET;
	load.server.sin_port = htons((uint16_t)number(argv[1]));
	if (inet_pton(AF_INET, argv[0], &load.server.sin_addr) != 1) {
		errno = EINVAL;
		bench_fail(argv[0]);
	}
	load.domain = argv[2];
}

static void
watch_maildirs(char **maildirs, int n)
{
	struct epoll_event event = {.events = EPOLLIN, .data.ptr = NULL};

	load.boxes = n > 0 ? n : 1;
	if (n == 0 && fifo == NULL)
		return;
	expected = load.messages * load.recipients;
	watcher = fifo != NULL ? open(fifo, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
			       : arrivals_watch(maildirs, n);
	if (watcher == -1 || epoll_ctl(load.poller, EPOLL_CTL_ADD, watcher, &event) == -1)
		bench_fail("unable to watch the maildirs");
}

int
main(int argc, char **argv)
{
	char c;

	take_options(argc, argv);
	take_server(argv + optind);
	signal(SIGPIPE, SIG_IGN);
	if (body_file != NULL)
		read_body();
	else
		make_body();
	all = calloc((size_t)clients, sizeof(*all));
	load.latency = calloc((size_t)load.messages + 1, sizeof(double));
	load.poller = epoll_create1(EPOLL_CLOEXEC);
	if (all == NULL || load.latency == NULL || load.poller == -1)
		bench_fail("unable to begin");
	watch_maildirs(argv + optind + 3, argc - optind - 3);

	started = bench_now();
	work();
	report();
	while (load.keep && read(0, &c, 1) > 0)
		;
	return load.failed > 0 || load.accepted < load.messages || arrived < expected;
}
