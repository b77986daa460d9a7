/*
 * pop3-time: how long the parts of a POP3 session take.
 *
 * pop3-time ip port user password
 *
 * Logs in, asks for STAT, LIST and UIDL, retrieves every message one by one, deletes all,
 * says QUIT and waits for its reply.  Prints one line of name=milliseconds pairs, how
 * many messages there were, and the octets that came.
 */

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static int sock;
static char input[262144];
static size_t from, to;
static unsigned long long octets;

static void
fail(const char *what)
{
	fprintf(stderr, "pop3-time: %s: %s\n", what, strerror(errno));
	exit(111);
}

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

/* The next line of the server, without its end. */
static char *
line(void)
{
	char *end, *begin;
	ssize_t r;

	while ((end = memchr(input + from, '\n', to - from)) == NULL) {
		memmove(input, input + from, to - from);
		to -= from;
		from = 0;
		r = recv(sock, input + to, sizeof(input) - to, 0);
		if (r <= 0)
			fail("the server hung up");
		to += (size_t)r;
	}
	begin = input + from;
	octets += (size_t)(end + 1 - begin);
	from += (size_t)(end + 1 - begin);
	*end = '\0';
	if (end > begin && end[-1] == '\r')
		end[-1] = '\0';
	return begin;
}

static char *
status(void)
{
	char *s = line();

	if (strncmp(s, "+OK", 3) != 0) {
		fprintf(stderr, "pop3-time: the server says: %s\n", s);
		exit(1);
	}
	return s;
}

static void
skip_lines(void)
{
	while (strcmp(line(), ".") != 0)
		;
}

static void
say(const char *format, ...)
{
	char command[1024];
	va_list arguments;
	int n;

	va_start(arguments, format);
	n = vsnprintf(command, sizeof(command), format, arguments);
	va_end(arguments);
	if (send(sock, command, (size_t)n, MSG_NOSIGNAL) != n)
		fail("unable to send");
}

static void
connect_server(const char *ip, const char *port)
{
	struct sockaddr_in server = {.sin_family = AF_INET};
	int one = 1;

	server.sin_port = htons((uint16_t)atoi(port));
	if (inet_pton(AF_INET, ip, &server.sin_addr) != 1)
		fail(ip);
	sock = socket(AF_INET, SOCK_STREAM, 0);
	if (sock == -1 || connect(sock, (struct sockaddr *)&server, sizeof(server)) == -1)
		fail("unable to connect");
	setsockopt(sock, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
}

/* Print what has passed since *since under this name, and begin anew. */
static void
lap(const char *name, double *since)
{
	double t = now();

	printf("%s=%.2f ", name, t - *since);
	*since = t;
}

int
main(int argc, char **argv)
{
	long n, i;
	double t = now();

	if (argc != 5) {
		fprintf(stderr, "usage: pop3-time ip port user password\n");
		return 111;
	}
	connect_server(argv[1], argv[2]);
	status();
	say("USER %s\r\n", argv[3]);
	status();
	say("PASS %s\r\n", argv[4]);
	status();
	lap("login", &t);
	say("STAT\r\n");
	n = atol(status() + 4);
	lap("stat", &t);
	say("LIST\r\n");
	status();
	skip_lines();
	lap("list", &t);
	say("UIDL\r\n");
	status();
	skip_lines();
	lap("uidl", &t);
	for (i = 1; i <= n; i++) {
		say("RETR %ld\r\n", i);
		status();
		skip_lines();
	}
	lap("retr", &t);
	for (i = 1; i <= n; i++) {
		say("DELE %ld\r\n", i);
		status();
	}
	lap("dele", &t);
	say("QUIT\r\n");
	status();
	lap("quit", &t);
	printf("messages=%ld octets=%llu\n", n, octets);
	return 0;
}
