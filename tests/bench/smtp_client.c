#include <errno.h>
#include <netinet/tcp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "smtp_client.h"

double
bench_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

void
bench_fail(const char *what)
{
	fprintf(stderr, "smtp-load: %s: %s\n", what, strerror(errno));
	exit(111);
}

static void
watch(struct smtp_load *load, struct smtp_client *c, int writing)
{
	struct epoll_event event = {.data.ptr = c};

	if (c->waiting == writing)
		return;
	event.events = EPOLLIN | (writing ? EPOLLOUT : 0);
	if (epoll_ctl(load->poller, EPOLL_CTL_MOD, c->fd, &event) == -1)
		bench_fail("epoll_ctl");
	c->waiting = writing;
}

static void
hang_up(struct smtp_load *load, struct smtp_client *c)
{
	if (c->state != QUIT && c->state != IDLE)
		load->failed++;
	close(c->fd);
	c->fd = -1;
	c->state = FREE;
	load->active--;
}

void
smtp_client_write(struct smtp_load *load, struct smtp_client *c)
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
	watch(load, c, c->left > 0);
}

static void
say(struct smtp_client *c, enum smtp_client_state state, const char *format, ...)
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
		bench_fail("too many recipients");
	}
}

void
smtp_client_connect(struct smtp_load *load, struct smtp_client *c)
{
	struct epoll_event event = {.data.ptr = c, .events = EPOLLIN};
	int one = 1;

	c->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (c->fd == -1)
		bench_fail("unable to make a socket");
	setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	c->state = GREETING;
	c->waiting = 0;
	c->messages = 0;
	c->left = c->len = 0;
	c->out = c->commands;
	load->connections++;
	load->active++;
	if (connect(c->fd, (struct sockaddr *)&load->server, sizeof(load->server)) ==
		-1 &&
	    errno != EINPROGRESS) {
		hang_up(load, c);
		return;
	}
	if (epoll_ctl(load->poller, EPOLL_CTL_ADD, c->fd, &event) == -1)
		bench_fail("epoll_ctl");
}

/* RCPT for the next recipient; DATA after the last. */
static void
name_recipient(struct smtp_load *load, struct smtp_client *c)
{
	long k = c->first + c->named;

	if (c->named < load->recipients) {
		c->named++;
		if (load->domains > 0)
			say(c, RCPT, "RCPT TO:<box@d%ld.%s>\r\n", k % load->domains + 1,
			    load->domain);
		else
			say(c, RCPT, "RCPT TO:<box%ld@%s>\r\n", k % load->boxes + 1,
			    load->domain);
	} else
		say(c, DATA, "DATA\r\n");
}

/* The connection is between two messages: what next? */
static void
next(struct smtp_load *load, struct smtp_client *c)
{
	if (load->begun < load->messages && c->messages < load->per_connection) {
		c->first = load->begun++ * load->recipients;
		c->named = 0;
		c->messages++;
		c->began = bench_now();
		say(c, MAIL, "MAIL FROM:<sender@bench.example>\r\n");
		while (load->pipelining && c->state != DATA)
			name_recipient(load, c);
	} else if (load->keep)
		c->state = IDLE;
	else
		say(c, QUIT, "QUIT\r\n");
}

static void
message_accepted(struct smtp_load *load, struct smtp_client *c)
{
	load->last_accepted = bench_now();
	load->latency[load->accepted++] = load->last_accepted - c->began;
	next(load, c);
}

/* A complete reply with this code has come. */
static void
reply(struct smtp_load *load, struct smtp_client *c, int code)
{
	if (code >= 400 && c->state != QUIT) {
		if (load->failed == 0)
			fprintf(stderr, "smtp-load: refused: %s\n", c->line);
		load->failed++;
		say(c, QUIT, "QUIT\r\n");
		return;
	}
	switch (c->state) {
	case GREETING:
		say(c, EHLO, "EHLO bench.example\r\n");
		break;
	case EHLO:
		next(load, c);
		break;
	case MAIL:
	case RCPT:
		name_recipient(load, c);
		break;
	case DATA:
		if (code != 354)
			break; /* to one of the commands sent before DATA */
		c->out = load->body;
		c->left = load->body_len;
		c->state = BODY;
		break;
	case BODY:
		message_accepted(load, c);
		break;
	case QUIT:
		hang_up(load, c);
		break;
	default:
		break;
	}
}

void
smtp_client_read(struct smtp_load *load, struct smtp_client *c)
{
	ssize_t r = recv(c->fd, c->line + c->len, sizeof(c->line) - 1 - c->len, 0);
	char *end;
	int last;

	if (r == -1 && errno == EAGAIN)
		return;
	if (r <= 0) {
		hang_up(load, c);
		return;
	}
	c->len += (size_t)r;
	while (c->state != FREE && (end = memchr(c->line, '\n', c->len)) != NULL) {
		*end++ = '\0';
		last = c->line[3] != '-';
		if (last)
			reply(load, c, atoi(c->line));
		c->len -= (size_t)(end - c->line);
		memmove(c->line, end, c->len);
	}
	if (c->state != FREE && c->left > 0)
		smtp_client_write(load, c);
}
