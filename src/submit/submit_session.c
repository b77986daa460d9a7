#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sysexits.h>
#include <unistd.h>

#include <errmsg.h>

#include "lib/deadline.h"
#include "lib/durable.h"
#include "lib/text.h"
#include "lib/unix_connect.h"
#include "submit/submit_lines.h"
#include "submit/submit_session.h"

#define SECONDS 600    /* for a reply: our own programs take less */
#define GROUP 50       /* recipients that are said in one piece */
#define REPLY_MAX 4000 /* bytes of a reply */

#define NOTHING "nothing was sent, try again later"

static void
show(const struct submit_session *s, const char *mark, const char *text, size_t len)
{
	static stralloc line;

	if (!s->shows)
		return;
	line.len = 0;
	text_cat(&line, mark, (char *)NULL);
	text_cat_printable(&line, text, len, REPLY_MAX);
	text_cat(&line, "\n", (char *)NULL);
	if (durable_write(s->show_fd, line.s, line.len) == -1)
		carpsys("unable to show the dialogue");
}

static int
lose(void)
{
	if (errno == 0)
		carp("the mail service has ended the connection: " NOTHING);
	else
		carpsys("unable to talk to the mail service: " NOTHING);
	return EX_TEMPFAIL;
}

static int
connect_service(int *fd)
{
	*fd = unix_connect(SUBMIT_SESSION_SOCKET, UNIX_CONNECT_SECONDS);
	if (*fd != -1)
		return 0;
	carpsys(
	    "unable to reach the mail service at " SUBMIT_SESSION_SOCKET ": " NOTHING);
	return EX_TEMPFAIL;
}

/* The next byte that the service says; -1 when it says no more. */
static int
next_byte(struct submit_session *s)
{
	ssize_t r;

	if (s->read == s->len) {
		errno = 0;
		r = deadline_read(s->output.fd, s->input, sizeof s->input, SECONDS);
		if (r <= 0)
			return -1;
		s->read = 0;
		s->len = (size_t)r;
	}
	return (unsigned char)s->input[s->read++];
}

static void
take_limits(struct submit_session *s, const char *line)
{
	const char *max = strstr(line, " RCPTMAX=");

	if (max != NULL && strstr(line, "LIMITS ") != NULL)
		s->recipients_max =
		    (unsigned)strtoul(max + sizeof " RCPTMAX=" - 1, NULL, 10);
}

/* Hear a reply of any number of lines: its code, or -1 when there is none. */
static int
hear(struct submit_session *s)
{
	stralloc line = {0};
	int c, code = 0;

	s->reply.len = 0;
	if (output_flush(&s->output) == -1)
		return -1;
	do {
		line.len = 0;
		while ((c = next_byte(s)) != -1 && c != '\n')
			if (c != '\r' && line.len < REPLY_MAX)
				text_catb(&line, &(char){(char)c}, 1);
		text_terminate(&line);
		show(s, "<- ", line.s, line.len);
		code = line.len >= 3 ? atoi(line.s) : 0;
		if (s->reply.len == 0)
			text_cat_printable(&s->reply, line.s, line.len, REPLY_MAX);
		else if (line.len > 4 && s->reply.len + line.len < REPLY_MAX) {
			text_cat(&s->reply, " ", (char *)NULL);
			text_cat_printable(
			    &s->reply, line.s + 4, line.len - 4, REPLY_MAX);
		}
		take_limits(s, line.s);
	} while (c != -1 && line.len > 3 && line.s[3] == '-');
	text_terminate(&s->reply);
	stralloc_free(&line);
	return c == -1 || code < 200 || code > 599 ? -1 : code;
}

static void
say(struct submit_session *s, const char *a, const char *b, const char *c)
{
	stralloc line = {0};

	text_cat(&line, a, b, c, (char *)NULL);
	show(s, "-> ", line.s, line.len);
	output_say(&s->output, a, b, c, "\r\n", (char *)NULL);
	stralloc_free(&line);
}

/* The exit code that a refusal stands for. */
static int
exit_code(const char *reply)
{
	const char *status = strlen(reply) > 4 ? reply + 4 : "";

	if (reply[0] == '4')
		return EX_TEMPFAIL;
	if (strncmp(status, "5.7.", 4) == 0)
		return EX_NOPERM;
	if (strncmp(status, "5.1.1", 5) == 0 || strncmp(status, "5.1.3", 5) == 0 ||
	    strncmp(status, "5.1.6", 5) == 0)
		return EX_NOUSER;
	if (strncmp(status, "5.1.2", 5) == 0)
		return EX_NOHOST;
	if (strncmp(status, "5.6.", 4) == 0 || strncmp(status, "5.3.4", 5) == 0)
		return EX_DATAERR;
	return EX_UNAVAILABLE;
}

static int
refuse(const struct submit_session *s, const char *what)
{
	if (what != NULL)
		carp(what, ": ", s->reply.s, ": nothing was sent");
	else
		carp(s->reply.s, ": nothing was sent");
	return exit_code(s->reply.s);
}

int
submit_session_open(struct submit_session *s, const char *me)
{
	int fd, code = connect_service(&fd);

	if (code != 0)
		return code;
	output_open(&s->output, fd, SECONDS, s->room, sizeof s->room);
	code = hear(s);
	if (code == 220) {
		say(s, "EHLO ", me, "");
		code = hear(s);
	}
	if (code == -1)
		return lose();
	return code / 100 == 2 ? 0 : refuse(s, NULL);
}

/* A recipient's answer; the worst of all is kept: what is for good before what is not. */
static int
hear_recipient(struct submit_session *s, const char *recipient, int *worst)
{
	int code = hear(s);

	if (code == -1)
		return lose();
	if (code / 100 != 2) {
		code = refuse(s, recipient);
		if (*worst == 0 || *worst == EX_TEMPFAIL)
			*worst = code;
	}
	return 0;
}

static int
say_recipients(struct submit_session *s, const stralloc *recipients,
    const char *parameters, int *worst)
{
	const char *r = recipients->s, *end = r + recipients->len, *heard = r;
	size_t n;
	int code;

	while (r < end) {
		for (n = 0; r < end && n < GROUP; n++, r += strlen(r) + 1) {
			stralloc path = {0};

			text_cat(&path, "<", r, ">", parameters, (char *)NULL);
			text_terminate(&path);
			say(s, "RCPT TO:", path.s, "");
			stralloc_free(&path);
		}
		for (; heard < r; heard += strlen(heard) + 1) {
			code = hear_recipient(s, heard, worst);
			if (code != 0)
				return code;
		}
	}
	return 0;
}

static size_t
count(const stralloc *recipients)
{
	size_t i, n = 0;

	for (i = 0; i < recipients->len; i++)
		n += recipients->s[i] == '\0';
	return n;
}

int
submit_session_envelope(struct submit_session *s, const char *sender,
    const char *mail_parameters, const stralloc *recipients, const char *rcpt_parameters)
{
	stralloc path = {0};
	char digits[DECIMAL_MAX];
	int code, worst = 0;

	if (s->recipients_max > 0 && count(recipients) > s->recipients_max) {
		carp("more than ", text_decimal(digits, s->recipients_max),
		    " recipients, which is what a message may have: nothing was sent");
		return EX_UNAVAILABLE;
	}
	text_cat(&path, "<", sender, ">", mail_parameters, (char *)NULL);
	text_terminate(&path);
	say(s, "MAIL FROM:", path.s, "");
	stralloc_free(&path);
	code = hear(s);
	if (code == -1)
		return lose();
	if (code / 100 != 2)
		return refuse(s, sender);
	code = say_recipients(s, recipients, rcpt_parameters, &worst);
	return code != 0 ? code : worst;
}

int
submit_session_data(struct submit_session *s)
{
	int code;

	say(s, "DATA", "", "");
	code = hear(s);
	if (code == -1)
		return lose();
	return code == 354 ? 0 : refuse(s, NULL);
}

int
submit_session_conclude(struct submit_session *s)
{
	int code = hear(s);

	if (code == -1)
		return lose();
	if (code / 100 != 2)
		return refuse(s, NULL);
	say(s, "QUIT", "", "");
	output_flush(&s->output);
	return 0;
}

/* Carry what from has to to, its lines ended by CRLF if ends is not null: 1, 0 at its
 * end, or -1 with errno. */
static int
carry(int from, int to, struct submit_lines *ends)
{
	static stralloc lines;
	char block[65536];
	ssize_t r;

	do
		r = read(from, block, sizeof block);
	while (r == -1 && errno == EINTR);
	if (r <= 0)
		return (int)r;
	lines.len = 0;
	if (ends != NULL)
		submit_lines_put(ends, &lines, block, (size_t)r);
	else
		text_catb(&lines, block, (size_t)r);
	return deadline_write_all(to, lines.s, lines.len, SECONDS) == -1 ? -1 : 1;
}

int
submit_session_relay(void)
{
	struct submit_lines ends = {0};
	struct pollfd pollers[2] = {{.fd = 0, .events = POLLIN}, {.events = POLLIN}};
	int fd, r, code = connect_service(&fd);

	if (code != 0)
		return code;
	pollers[1].fd = fd;
	for (;;) {
		r = poll(pollers, 2, -1);
		if (r == -1 && errno == EINTR)
			continue;
		if (r == -1)
			return lose();
		if (pollers[0].revents) {
			r = carry(0, fd, &ends);
			if (r == -1)
				return lose();
			if (r == 0) {
				shutdown(fd, SHUT_WR);
				pollers[0].fd = -1;
			}
		}
		if (pollers[1].revents) {
			r = carry(fd, 1, NULL);
			if (r <= 0)
				return r == 0 ? 0 : lose();
		}
	}
}
