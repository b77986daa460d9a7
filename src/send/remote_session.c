#include <arpa/inet.h>
#include <errno.h>
#include <stdarg.h>
#include <string.h>
#include <unistd.h>

#include "lib/deadline.h"
#include "lib/durable.h"
#include "lib/text.h"
#include "send/remote_session.h"

unsigned
remote_session_limit(const struct remote_session *s, unsigned seconds)
{
	return seconds < s->seconds_max ? seconds : s->seconds_max;
}

void
remote_session_show(
    const struct remote_session *s, const char *mark, const char *text, size_t len)
{
	stralloc line = {0};

	if (!s->verbose)
		return;
	text_cat(&line, mark, " ", (char *)NULL);
	text_cat_printable(&line, text, len, len);
	text_cat(&line, "\n", (char *)NULL);
	durable_write(2, line.s, line.len);
	stralloc_free(&line);
}

/* Show each line of s[0..len). */
static void
show_lines(const struct remote_session *s, const char *mark, const char *text, size_t len)
{
	const char *lf;
	size_t n;

	while (s->verbose && len > 0) {
		lf = memchr(text, '\n', len);
		n = lf != NULL ? (size_t)(lf - text) : len;
		remote_session_show(
		    s, mark, text, n > 0 && text[n - 1] == '\r' ? n - 1 : n);
		n += lf != NULL;
		text += n;
		len -= n;
	}
}

static void
name_peer(struct remote_session *s, const char *host, const unsigned char ip[16])
{
	char address[INET6_ADDRSTRLEN];

	if (IN6_IS_ADDR_V4MAPPED((const struct in6_addr *)ip))
		inet_ntop(AF_INET, ip + 12, address, sizeof(address));
	else
		inet_ntop(AF_INET6, ip, address, sizeof(address));
	strncpy(s->peer, host, 255);
	s->peer[255] = '\0';
	strcpy(stpcpy(stpcpy(s->peer + strlen(s->peer), "["), address), "]");
}

void
remote_session_close(struct remote_session *s)
{
	transport_close(&s->transport);
	s->out.len = 0;
}

int
remote_session_connect(struct remote_session *s, const char *host,
    const unsigned char ip[16], unsigned port, unsigned seconds, struct outcome *fault)
{
	char number[DECIMAL_MAX];
	int saved;

	name_peer(s, host, ip);
	remote_session_show(s, "=", s->peer, strlen(s->peer));
	if (transport_connect(&s->transport, ip, port, seconds) == 0)
		return 0;
	saved = errno;
	outcome_set(fault, 'Z', "4.4.1", "unable to connect to ", s->peer, " port ",
	    text_decimal(number, port), ": ", strerror(saved), (char *)NULL);
	errno = saved;
	return -1;
}

void
remote_session_say(struct remote_session *s, ...)
{
	const char *word;
	va_list ap;

	va_start(ap, s);
	while ((word = va_arg(ap, const char *)) != NULL)
		text_catb(&s->out, word, strlen(word));
	va_end(ap);
	text_catb(&s->out, "\r\n", 2);
}

void
remote_session_judge(
    const struct remote_session *s, const struct remote_reply *reply, struct outcome *o)
{
	int class = reply->code / 100;
	char zero[] = "0.0.0";

	zero[0] = (char)('0' + class);
	if (class == 3)
		outcome_set(o, 'Z', "4.5.0", s->peer, " said out of turn: ", reply->text,
		    (char *)NULL);
	else
		outcome_set(o,
		    class == 2   ? 'K'
		    : class == 4 ? 'Z'
				 : 'D',
		    reply->status[0] != '\0' ? reply->status : zero, s->peer, SAID,
		    reply->text, (char *)NULL);
}

int
remote_session_lost(struct remote_session *s, struct outcome *fault)
{
	if (errno == ETIMEDOUT)
		outcome_set(fault, 'Z', "4.4.2", s->peer, ": no reply to ", s->phase,
		    " in time", (char *)NULL);
	else if (errno == ENOBUFS)
		outcome_set(fault, 'Z', "4.5.0", s->peer, ": endless reply to ", s->phase,
		    (char *)NULL);
	else
		outcome_set(fault, 'Z', "4.4.2", s->peer, ": connection lost at ",
		    s->phase, (char *)NULL);
	remote_session_close(s);
	return -1;
}

ssize_t
remote_session_await(struct remote_session *s, const char *phase, unsigned seconds,
    struct remote_reply *reply, struct outcome *fault)
{
	struct transport *t = &s->transport;
	unsigned limit = remote_session_limit(s, seconds);
	int r, failed = 0;
	int64_t at;
	ssize_t n;

	s->phase = phase;
	show_lines(s, ">", s->out.s, s->out.len);
	if (transport_write(t, s->out.s, s->out.len, limit) == -1)
		failed = errno; /* but its reason may have come before */
	s->out.len = 0;
	at = failed ? 0 : deadline_now() + (int64_t)limit * 1000;
	while ((n = remote_reply_parse(reply, t->input, t->len)) == 0) {
		r = transport_fill(t, at);
		if (r == 0)
			errno = ECONNRESET;
		if (r == -1 && failed)
			errno = failed;
		if (r != 1)
			return remote_session_lost(s, fault);
	}
	show_lines(s, "<", t->input, n == -1 ? t->len : (size_t)n);
	if (n > 0 && reply->code != 421)
		return n;
	if (n == -1)
		outcome_set(fault, 'Z', "4.5.0", s->peer, " answered ", phase,
		    " with nonsense: ", reply->text, (char *)NULL);
	else
		remote_session_judge(s, reply, fault);
	remote_session_close(s);
	return -1;
}

int
remote_session_hear(struct remote_session *s, const char *phase, unsigned seconds,
    struct remote_reply *reply, struct outcome *fault)
{
	ssize_t n = remote_session_await(s, phase, seconds, reply, fault);

	if (n == -1)
		return -1;
	transport_consume(&s->transport, (size_t)n);
	return 0;
}

void
remote_session_quit(struct remote_session *s)
{
	struct outcome ignored = {0};
	struct remote_reply reply;

	if (s->transport.fd == -1)
		return;
	s->out.len = 0;
	remote_session_say(s, "QUIT", (char *)NULL);
	/* waiting for 221 spares the peer a reset; nothing depends on it */
	remote_session_hear(s, "QUIT", QUIT_SECONDS, &reply, &ignored);
	stralloc_free(&ignored.text);
	remote_session_close(s);
}
