/*
 * tls-load: make SMTP connections with TLS, one small message in each.
 *
 * tls-load [-krw] [-c clients] [-n connections] ip port domain
 *
 * Each client is a process that makes one connection after the other, every one with a
 * handshake of its own, to box1@domain.  TLS is begun by STARTTLS, with -w at once; with
 * -r the session of the client's connection before is resumed.  -k makes one for each
 * client, says EHLO and nothing more, and leaves it open until standard input ends.
 * Prints one line of name=value pairs.
 */

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <openssl/ssl.h>

#define SECONDS 60 /* for a reply */
#define USAGE "usage: tls-load [-krw] [-c clients] [-n connections] ip port domain"

static const char message[] =
    "From: <sender@bench.example>\r\nSubject: one over TLS\r\n\r\n"
    "a line of the message\r\n.\r\n";

static struct sockaddr_in server = {.sin_family = AF_INET};
static const char *domain;
static SSL_CTX *context;
static int keep;
static int resume;
static int wrapped;
static SSL_SESSION *session; /* of the connection before */

/* What all processes share. */
static struct {
	atomic_long begun;
	atomic_long done;
	atomic_long resumed;
	atomic_long held;
} * all;

/* A connection, in the clear as long as ssl is null. */
struct connection {
	int fd;
	SSL *ssl;
};

_Noreturn static void
fail(const char *what)
{
	fprintf(stderr, "tls-load: %s\n", what);
	exit(1);
}

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec + t.tv_nsec / 1e9;
}

/* Read up to the end of a reply, and look at its first digit. */
static void
expect(struct connection *c, char digit)
{
	char s[4096], *line;
	size_t len = 0;
	ssize_t r;

	for (;;) {
		r = c->ssl != NULL ? SSL_read(c->ssl, s + len, sizeof s - 1 - len)
				   : read(c->fd, s + len, sizeof s - 1 - len);
		if (r <= 0)
			fail("the server has closed the connection");
		len += (size_t)r;
		s[len] = '\0';
		if (s[len - 1] != '\n')
			continue;
		s[len - 1] = '\0';
		line = strrchr(s, '\n');
		line = line != NULL ? line + 1 : s;
		if (strlen(line) > 3 && line[3] == '-') {
			s[len - 1] = '\n';
			continue;
		}
		if (*line != digit)
			fail(line);
		return;
	}
}

static void
say(struct connection *c, const char *s, char digit)
{
	int len = (int)strlen(s);
	ssize_t r =
	    c->ssl != NULL ? SSL_write(c->ssl, s, len) : write(c->fd, s, (size_t)len);

	if (r != len)
		fail("unable to write");
	expect(c, digit);
}

static void
begin(struct connection *c)
{
	struct timeval tv = {.tv_sec = SECONDS};

	c->ssl = NULL;
	c->fd = socket(AF_INET, SOCK_STREAM, 0);
	if (c->fd == -1 ||
	    connect(c->fd, (struct sockaddr *)&server, sizeof server) == -1)
		fail("unable to connect");
	setsockopt(c->fd, SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof tv);
	setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &(int){1}, sizeof(int));
	if (!wrapped) {
		expect(c, '2');
		say(c, "EHLO client.bench.example\r\n", '2');
		say(c, "STARTTLS\r\n", '2');
	}
	c->ssl = SSL_new(context);
	if (c->ssl == NULL || !SSL_set_fd(c->ssl, c->fd) ||
	    (session != NULL && !SSL_set_session(c->ssl, session)) ||
	    SSL_connect(c->ssl) != 1)
		fail("no handshake");
	if (SSL_session_reused(c->ssl))
		atomic_fetch_add(&all->resumed, 1);
	if (wrapped)
		expect(c, '2');
	say(c, "EHLO client.bench.example\r\n", '2');
}

static void
end(struct connection *c)
{
	if (resume) {
		SSL_SESSION_free(session);
		session = SSL_get1_session(c->ssl);
	}
	SSL_shutdown(c->ssl);
	SSL_free(c->ssl);
	close(c->fd);
}

static void
send_message(struct connection *c)
{
	char recipient[512];

	snprintf(recipient, sizeof recipient, "RCPT TO:<box1@%s>\r\n", domain);
	say(c, "MAIL FROM:<sender@bench.example>\r\n", '2');
	say(c, recipient, '2');
	say(c, "DATA\r\n", '3');
	say(c, message, '2');
	say(c, "QUIT\r\n", '2');
}

static void
run(long connections)
{
	struct connection c;

	while (atomic_fetch_add(&all->begun, 1) < connections) {
		begin(&c);
		if (keep) {
			atomic_fetch_add(&all->held, 1);
			pause();
		}
		send_message(&c);
		end(&c);
		atomic_fetch_add(&all->done, 1);
	}
}

/* Wait until all are there, tell so, and hold them until standard input ends. */
static void
hold(long clients)
{
	char c;

	while (atomic_load(&all->held) < clients && waitpid(-1, NULL, WNOHANG) == 0)
		usleep(10000);
	printf("held=%ld\n", atomic_load(&all->held));
	fflush(stdout);
	while (read(0, &c, 1) > 0)
		;
}

int
main(int argc, char **argv)
{
	long clients = 1, connections = 1, i;
	struct rusage usage;
	double started;
	int option;

	while ((option = getopt(argc, argv, "krwc:n:")) != -1)
		if (option == 'k')
			keep = 1;
		else if (option == 'r')
			resume = 1;
		else if (option == 'w')
			wrapped = 1;
		else if (option == 'c')
			clients = atol(optarg);
		else if (option == 'n')
			connections = atol(optarg);
		else
			fail(USAGE);
	if (argc - optind != 3 || inet_pton(AF_INET, argv[optind], &server.sin_addr) != 1)
		fail(USAGE);
	server.sin_port = htons((unsigned short)atoi(argv[optind + 1]));
	domain = argv[optind + 2];
	if (keep)
		connections = clients;
	all = mmap(
	    NULL, sizeof *all, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	context = SSL_CTX_new(TLS_client_method());
	if (all == MAP_FAILED || context == NULL)
		fail("unable to begin");

	started = now();
	for (i = 0; i < clients; i++)
		switch (fork()) {
		case -1:
			fail("unable to fork");
		case 0:
			prctl(PR_SET_PDEATHSIG, SIGTERM);
			run(connections);
			_exit(0);
		}
	if (keep) {
		hold(clients);
		return 0; /* and the children end */
	}
	while (waitpid(-1, NULL, 0) > 0)
		;
	getrusage(RUSAGE_CHILDREN, &usage);
	printf("connections=%ld resumed=%ld rate=%.1f cpu=%.3f\n",
	    atomic_load(&all->done), atomic_load(&all->resumed),
	    atomic_load(&all->done) / (now() - started),
	    usage.ru_utime.tv_sec + usage.ru_stime.tv_sec +
		(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6);
	return atomic_load(&all->done) < connections;
}
