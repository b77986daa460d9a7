/*
 * tls-sink: take mail by SMTP and keep nothing of it, as fast as can be.
 *
 * tls-sink [-c certificate -k key] [-p port] fifo
 *
 * Listens on all addresses, prints its port, and runs until it is killed.  Offers what a
 * Postfix does, and STARTTLS when it has a certificate.  Writes a byte to the fifo for
 * each recipient of a message that it has taken.
 */

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <openssl/ssl.h>

#define EVENTS 256
#define ROOM 65536

enum state { COMMAND, DATA, CHUNK, HANDSHAKE };

struct client {
	int fd;
	enum state state;
	SSL *ssl;
	long recipients;
	unsigned long long left; /* of a chunk */
	int is_last;
	size_t len;
	size_t out_len;
	char in[ROOM];
	char out[8192];
};

static SSL_CTX *context;
static int poller, fifo;
static long taken; /* and not yet written */

static void
fail(const char *what)
{
	fprintf(stderr, "tls-sink: %s: %s\n", what, strerror(errno));
	exit(111);
}

static void
hang_up(struct client *c)
{
	SSL_free(c->ssl);
	close(c->fd);
	free(c);
}

static void
say(struct client *c, const char *s)
{
	size_t n = strlen(s);

	if (c->out_len + n > sizeof(c->out))
		return; /* who pipelines so much without reading is none of our peers */
	memcpy(c->out + c->out_len, s, n);
	c->out_len += n;
}

/* Replies are short: the socket has room for them. */
static int
flush(struct client *c)
{
	ssize_t w;

	if (c->out_len == 0)
		return 0;
	if (c->ssl != NULL)
		w = SSL_write(c->ssl, c->out, (int)c->out_len);
	else
		w = send(c->fd, c->out, c->out_len, MSG_NOSIGNAL);
	if (w != (ssize_t)c->out_len)
		return -1;
	c->out_len = 0;
	return 0;
}

static void
conclude(struct client *c)
{
	taken += c->recipients;
	c->recipients = 0;
	c->state = COMMAND;
	say(c, "250 2.0.0 Ok: taken\r\n");
}

static int
begins(const char *line, const char *verb)
{
	return strncasecmp(line, verb, strlen(verb)) == 0;
}

static void
hello(struct client *c)
{
	say(c, "250-sink.example\r\n250-PIPELINING\r\n250-SIZE 104857600\r\n");
	if (context != NULL && c->ssl == NULL)
		say(c, "250-STARTTLS\r\n");
	say(c, "250-ENHANCEDSTATUSCODES\r\n250-8BITMIME\r\n250-DSN\r\n250-SMTPUTF8\r\n"
	       "250 CHUNKING\r\n");
}

/* One command, a C string: 0, or -1 to hang up. */
static int
obey(struct client *c, const char *line)
{
	if (begins(line, "EHLO") || begins(line, "HELO")) {
		hello(c);
	} else if (begins(line, "MAIL")) {
		c->recipients = 0;
		say(c, "250 2.1.0 Ok\r\n");
	} else if (begins(line, "RCPT")) {
		c->recipients++;
		say(c, "250 2.1.5 Ok\r\n");
	} else if (begins(line, "DATA")) {
		say(c, "354 End data with <CR><LF>.<CR><LF>\r\n");
		c->state = DATA;
	} else if (begins(line, "BDAT")) {
		char last[5] = "";

		if (sscanf(line + 4, "%llu %4s", &c->left, last) < 1)
			return -1;
		c->is_last = strcasecmp(last, "LAST") == 0;
		c->state = CHUNK;
	} else if (begins(line, "STARTTLS") && context != NULL && c->ssl == NULL) {
		say(c, "220 2.0.0 Ready to start TLS\r\n");
		c->state = HANDSHAKE;
	} else if (begins(line, "RSET") || begins(line, "NOOP")) {
		say(c, "250 2.0.0 Ok\r\n");
	} else if (begins(line, "QUIT")) {
		say(c, "221 2.0.0 Bye\r\n");
		flush(c);
		return -1;
	} else {
		say(c, "500 5.5.1 Error\r\n");
	}
	return 0;
}

static void
consume(struct client *c, size_t n)
{
	c->len -= n;
	memmove(c->in, c->in + n, c->len);
}

/* What of the input can be taken: 1 when there was something, 0 when not, -1 to hang up.
 */
static int
step(struct client *c)
{
	char *end;
	size_t n;

	switch (c->state) {
	case COMMAND:
		end = memchr(c->in, '\n', c->len);
		if (end == NULL)
			return 0;
		*end = '\0';
		if (obey(c, c->in) == -1)
			return -1;
		consume(c, (size_t)(end + 1 - c->in));
		return 1;
	case DATA:
		/* the line end before the dot may be DATA's own, but no peer of ours
		 * sends an empty message */
		end = memmem(c->in, c->len, "\r\n.\r\n", 5);
		if (end != NULL) {
			consume(c, (size_t)(end + 5 - c->in));
			conclude(c);
			return 1;
		}
		if (c->len > 4)
			consume(c, c->len - 4);
		return 0;
	case CHUNK:
		n = c->left < c->len ? (size_t)c->left : c->len;
		consume(c, n);
		c->left -= n;
		if (c->left > 0)
			return 0;
		if (c->is_last)
			conclude(c);
		else
			say(c, "250 2.0.0 Ok\r\n");
		c->state = COMMAND;
		return 1;
	default:
		return 0;
	}
}

/* Receive what has come: 1, 0 when there is no more for now, -1 to hang up. */
static int
receive(struct client *c)
{
	ssize_t r;
	int error;

	if (c->ssl == NULL) {
		r = recv(c->fd, c->in + c->len, sizeof(c->in) - c->len, 0);
		if (r == -1 && errno == EAGAIN)
			return 0;
	} else {
		r = SSL_read(c->ssl, c->in + c->len, (int)(sizeof(c->in) - c->len));
		if (r <= 0) {
			error = SSL_get_error(c->ssl, (int)r);
			if (error == SSL_ERROR_WANT_READ)
				return 0;
		}
	}
	if (r <= 0)
		return -1;
	c->len += (size_t)r;
	return 1;
}

static int
shake(struct client *c)
{
	int r;

	if (c->ssl == NULL) {
		c->ssl = SSL_new(context);
		if (c->ssl == NULL || SSL_set_fd(c->ssl, c->fd) != 1)
			return -1;
		c->len = 0;
	}
	r = SSL_accept(c->ssl);
	if (r == 1) {
		c->state = COMMAND;
		return 1;
	}
	return SSL_get_error(c->ssl, r) == SSL_ERROR_WANT_READ ? 0 : -1;
}

static void
serve(struct client *c)
{
	int r = 1;

	while (r == 1) {
		if (c->state == HANDSHAKE) {
			r = shake(c);
			continue;
		}
		r = receive(c);
		if (r != 1)
			break;
		while ((r = step(c)) == 1)
			;
		if (r == -1 || flush(c) == -1) {
			r = -1;
			break;
		}
		r = c->ssl != NULL || c->state == HANDSHAKE;
		if (c->state == HANDSHAKE && c->ssl == NULL)
			r = 0; /* its first bytes are to come */
	}
	if (r == -1)
		hang_up(c);
}

static void
take_client(int listener)
{
	struct epoll_event event = {.events = EPOLLIN};
	struct client *c;
	int fd, one = 1;

	while ((fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC)) != -1) {
		setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
		c = malloc(sizeof(*c));
		if (c == NULL)
			fail("memory");
		c->fd = fd;
		c->state = COMMAND;
		c->ssl = NULL;
		c->len = c->out_len = 0;
		c->recipients = 0;
		event.data.ptr = c;
		if (epoll_ctl(poller, EPOLL_CTL_ADD, fd, &event) == -1)
			fail("epoll_ctl");
		say(c, "220 sink.example ESMTP\r\n");
		flush(c);
	}
}

static void
tell(void)
{
	static char bytes[4096];
	ssize_t w;

	while (taken > 0) {
		w = write(fifo, bytes,
		    taken < (long)sizeof(bytes) ? (size_t)taken : sizeof(bytes));
		if (w <= 0)
			break; /* nobody reads: the rest comes with the next ones */
		taken -= w;
	}
}

static void
use_certificate(const char *certificate, const char *key)
{
	context = SSL_CTX_new(TLS_server_method());
	if (context == NULL ||
	    SSL_CTX_use_certificate_chain_file(context, certificate) != 1 ||
	    SSL_CTX_use_PrivateKey_file(context, key, SSL_FILETYPE_PEM) != 1)
		fail(certificate);
}

static int
listen_on(unsigned port)
{
	struct sockaddr_in in = {
	    .sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
	struct epoll_event event = {.events = EPOLLIN, .data.ptr = NULL};
	socklen_t len = sizeof(in);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	if (fd == -1 || bind(fd, (struct sockaddr *)&in, sizeof(in)) == -1 ||
	    listen(fd, 4096) == -1 ||
	    getsockname(fd, (struct sockaddr *)&in, &len) == -1 ||
	    epoll_ctl(poller, EPOLL_CTL_ADD, fd, &event) == -1)
		fail("unable to listen");
	printf("%u\n", ntohs(in.sin_port));
	fflush(stdout);
	return fd;
}

int
main(int argc, char **argv)
{
	const char *certificate = NULL, *key = NULL;
	struct epoll_event events[EVENTS];
	int listener, option, i, n;
	unsigned port = 0;

	while ((option = getopt(argc, argv, "c:k:p:")) != -1)
		if (option == 'c')
			certificate = optarg;
		else if (option == 'k')
			key = optarg;
		else if (option == 'p')
			port = (unsigned)atoi(optarg);
	if (argc - optind != 1 || (certificate == NULL) != (key == NULL)) {
		fprintf(
		    stderr, "usage: tls-sink [-c certificate -k key] [-p port] fifo\n");
		return 111;
	}
	signal(SIGPIPE, SIG_IGN);
	fifo = open(argv[optind], O_RDWR | O_NONBLOCK | O_CLOEXEC);
	poller = epoll_create1(EPOLL_CLOEXEC);
	if (fifo == -1 || poller == -1)
		fail(argv[optind]);
	if (certificate != NULL)
		use_certificate(certificate, key);
	listener = listen_on(port);
	for (;;) {
		n = epoll_wait(poller, events, EVENTS, -1);
		for (i = 0; i < n; i++)
			if (events[i].data.ptr == NULL)
				take_client(listener);
			else
				serve(events[i].data.ptr);
		tell();
	}
}
