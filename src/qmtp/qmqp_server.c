#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/deadline.h"
#include "lib/ip_connect.h"
#include "lib/ipaddress.h"
#include "lib/netstring.h"
#include "lib/text.h"
#include "qmtp/qmqp_server.h"

#define ADDRESS_TEXT_MAX 64

int
qmqp_server_parse(struct qmqp_server *server, const char *s)
{
	const char *bracket = *s == '[' ? strchr(s, ']') : NULL;
	const char *first = strchr(s, ':'), *colon = NULL;
	unsigned long long port = QMQP_SERVER_PORT;
	char address[ADDRESS_TEXT_MAX];
	size_t len;

	if (*s == '[') {
		if (bracket == NULL || (bracket[1] != '\0' && bracket[1] != ':'))
			return 0;
		s++;
		colon = bracket[1] == ':' ? bracket + 1 : NULL;
		len = (size_t)(bracket - s);
	} else {
		/* with more than one colon it is an IPv6 address */
		if (first != NULL && strchr(first + 1, ':') == NULL)
			colon = first;
		len = colon != NULL ? (size_t)(colon - s) : strlen(s);
	}
	if (len >= sizeof(address))
		return 0;
	memcpy(address, s, len);
	address[len] = '\0';
	if (colon != NULL &&
	    (!text_number(colon + 1, strlen(colon + 1), 65535, &port) || port == 0))
		return 0;
	server->port = (unsigned)port;
	return ipaddress_scan(address, server->ip);
}

char
qmqp_server_answer(const char *s, size_t len, const char **text, size_t *text_len)
{
	size_t start, size;
	ssize_t r = netstring_scan(s, len, QMQP_SERVER_REPLY_MAX, &start, &size);

	if (r <= 0 || (size_t)r != len || size == 0 || strchr("KZD", s[start]) == NULL ||
	    s[start] == '\0')
		return 0;
	*text = s + start + 1;
	*text_len = size - 1;
	return s[start];
}

static void
fail(stralloc *report, const char *what)
{
	report->len = 0;
	text_cat(report, "Z451 4.4.2 ", what, ": ",
	    errno == EPROTO ? "malformed answer" : strerror(errno), (char *)NULL);
	text_terminate(report);
}

/* What stands before the message: the lengths of the package and of the message. */
static void
put_lengths(stralloc *sa, const struct spool *message, const stralloc *envelope)
{
	char n[DECIMAL_MAX], all[DECIMAL_MAX];
	unsigned long long len = (unsigned long long)message->length;

	text_decimal(n, len);
	text_decimal(all, strlen(n) + 1 + len + 1 + envelope->len);
	text_cat(sa, all, ":", n, ":", (char *)NULL);
}

/* Write all but the last byte, without which it is no package.  Returns 0, or -1. */
static int
write_package(
    int fd, const struct spool *message, const stralloc *envelope, unsigned seconds)
{
	char block[16384];
	stralloc frame = {0};
	off_t at;
	ssize_t r;

	put_lengths(&frame, message, envelope);
	r = deadline_write_all(fd, frame.s, frame.len, seconds);
	for (at = 0; r != -1 && at < message->length; at += r) {
		r = spool_read(message, block, sizeof(block), at);
		if (r == 0) {
			errno = EIO;
			r = -1;
		}
		if (r > 0 && deadline_write_all(fd, block, (size_t)r, seconds) == -1)
			r = -1;
	}
	frame.len = 0;
	text_catb(&frame, ",", 1);
	text_catb(&frame, envelope->s, envelope->len);
	if (r != -1)
		r = deadline_write_all(fd, frame.s, frame.len, seconds);
	stralloc_free(&frame);
	return r == -1 ? -1 : 0;
}

/* Read the answer into report.  Returns 0, or -1 with errno. */
static int
hear(int fd, stralloc *report, unsigned seconds)
{
	stralloc answer = {0}, whole = {0};
	const char *text;
	size_t len;
	char letter;
	int r = netstring_read(fd, &answer, QMQP_SERVER_REPLY_MAX, seconds);

	if (r == 1) {
		netstring_put(&whole, answer.s, answer.len);
		letter = qmqp_server_answer(whole.s, whole.len, &text, &len);
		report->len = 0;
		if (letter) {
			text_catb(report, &letter, 1);
			text_cat_printable(report, text, len, QMQP_SERVER_REPLY_MAX);
			text_terminate(report);
		} else {
			r = -1;
			errno = EPROTO;
		}
	} else if (r == 0) {
		errno = ECONNRESET;
	}
	stralloc_free(&answer);
	stralloc_free(&whole);
	return r == 1 ? 0 : -1;
}

int
qmqp_server_send(const struct qmqp_server *server, const struct spool *message,
    const stralloc *envelope, unsigned connect, unsigned seconds, stralloc *report)
{
	int fd = ip_connect(server->ip, server->port, connect),
	    reached = QMQP_SERVER_UNTOUCHED;
	int is_late;

	if (fd == -1) {
		fail(report, "unable to connect");
		return QMQP_SERVER_UNTOUCHED;
	}
	if (write_package(fd, message, envelope, seconds) == -1) {
		is_late = errno == ETIMEDOUT;
		fail(report, "unable to send the message");
		/* it may have refused it early */
		if (!is_late && hear(fd, report, 1) == 0)
			reached = QMQP_SERVER_ANSWERED;
	} else if (deadline_write_all(fd, ",", 1, seconds) == -1) {
		fail(report, "unable to send the message");
	} else if (hear(fd, report, seconds) == -1) {
		fail(report, "no answer, it may have taken the message");
		reached = QMQP_SERVER_UNKNOWN;
	} else {
		reached = QMQP_SERVER_ANSWERED;
	}
	close(fd);
	return reached;
}
