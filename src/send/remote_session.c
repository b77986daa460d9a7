#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/deadline.h"
#include "lib/durable.h"
#include "lib/ipaddress.h"
#include "lib/log.h"
#include "lib/text.h"
#include "send/remote_session.h"

unsigned
remote_session_limit(const struct remote_session *s, unsigned seconds)
{
	int64_t left = s->until != 0 ? (s->until - deadline_now() + 999) / 1000 : seconds;

	if (s->seconds_max < seconds)
		seconds = s->seconds_max;
	return left < (int64_t)seconds ? (unsigned)(left > 0 ? left : 0) : seconds;
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

void
remote_session_close(struct remote_session *s)
{
	transport_close(&s->transport);
	s->out.len = 0;
}

void
remote_session_take(struct remote_session *s, const char *host, const char *ip, int fd)
{
	transport_take(&s->transport, fd);
	if (strcmp(s->host, host) != 0)
		s->shuns_chunking = 0;
	strncpy(s->ip, ip, sizeof(s->ip) - 1);
	strncpy(s->host, host, sizeof(s->host) - 1);
	s->host[sizeof(s->host) - 1] = '\0';
	strcpy(stpcpy(stpcpy(stpcpy(s->peer, s->host), "["), s->ip), "]");
	remote_session_show(s, "=", s->peer, strlen(s->peer));
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

/*
 * RFC 4954, 6: without authentication, or with one that it does not like, the server
 * takes nothing from us (530, 534, 535, 538); RFC 3207, 4: nor without TLS (5.7.0).  No
 * message is to blame for it.
 */
static int
is_about_us(const struct remote_reply *reply)
{
	return reply->code == 530 || reply->code == 534 || reply->code == 535 ||
	       reply->code == 538 ||
	       (reply->code / 100 == 5 && strcmp(reply->status, "5.7.0") == 0 &&
		   strcasestr(reply->text, "STARTTLS") != NULL);
}

static void
judge_about_us(
    const struct remote_session *s, const struct remote_reply *reply, struct outcome *o)
{
	char status[OUTCOME_STATUS_MAX] = "4.7.0";

	if (reply->status[0] != '\0')
		strcpy(status + 1, reply->status + 1);
	outcome_set_reply(o, 'Z', status, s->host, s->ip, reply->text);
	log_event(s->id, "alert", "host", s->peer, "reply", reply->text, "reason",
	    "the server takes no mail from us without authentication or TLS",
	    (char *)NULL);
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
	else if (is_about_us(reply))
		judge_about_us(s, reply, o);
	else
		outcome_set_reply(o,
		    class == 2   ? 'K'
		    : class == 4 ? 'Z'
				 : 'D',
		    reply->status[0] != '\0' ? reply->status : zero, s->host, s->ip,
		    reply->text);
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
	if (s->shown != NULL)
		remote_session_show(s, ">", s->shown, strlen(s->shown));
	else
		show_lines(s, ">", s->out.s, s->out.len);
	if (transport_write(t, s->out.s, s->out.len, limit) == -1)
		failed = errno; /* but its reason may have come before */
	if (s->shown != NULL)
		text_wipe(&s->out);
	s->shown = NULL;
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
remote_session_part(struct remote_session *s)
{
	char reply[512];

	if (!s->is_leaving)
		return;
	/* waiting for 221 spares the peer a reset; nothing depends on it */
	if (deadline_wait(s->leaving, POLLIN,
		deadline_now() + REMOTE_QUIT_SECONDS * INT64_C(1000)) == 0)
		recv(s->leaving, reply, sizeof(reply), MSG_DONTWAIT);
	close(s->leaving);
	s->is_leaving = 0;
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
	if (s->verbose) {
		remote_session_hear(s, "QUIT", REMOTE_QUIT_SECONDS, &reply, &ignored);
		outcome_free(&ignored);
		remote_session_close(s);
		return;
	}
	remote_session_part(s);
	if (transport_write(&s->transport, s->out.s, s->out.len, REMOTE_QUIT_SECONDS) ==
	    0) {
		s->leaving = s->transport.fd;
		s->is_leaving = 1;
		s->transport.fd = -1;
	}
	remote_session_close(s);
}
