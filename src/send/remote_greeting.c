#include <string.h>
#include <strings.h>

#include "lib/text.h"
#include "send/remote_greeting.h"

/* Does the line [s, end) begin with the keyword, in any case?  What follows it, or null.
 */
static const char *
after_keyword(const char *s, const char *end, const char *keyword)
{
	size_t n = strlen(keyword);

	if ((size_t)(end - s) < n || strncasecmp(s, keyword, n) != 0)
		return NULL;
	return s + n == end || s[n] == ' ' ? s + n : NULL;
}

static void
learn_keyword(struct remote_session *s, const char *line, const char *end)
{
	unsigned long long n;
	const char *rest;

	if (after_keyword(line, end, "PIPELINING") != NULL)
		s->has_pipelining = 1;
	if (after_keyword(line, end, "8BITMIME") != NULL)
		s->has_8bitmime = 1;
	if (after_keyword(line, end, "SMTPUTF8") != NULL)
		s->has_smtputf8 = 1;
	if (after_keyword(line, end, "DSN") != NULL)
		s->has_dsn = 1;
	if (after_keyword(line, end, "REQUIRETLS") != NULL)
		s->has_requiretls = 1;
	rest = after_keyword(line, end, "SIZE");
	if (rest != NULL) {
		s->has_size = 1;
		if (rest < end &&
		    text_number(rest + 1, (size_t)(end - rest - 1), -1ULL, &n))
			s->size_max = n;
	}
	rest = after_keyword(line, end, "LIMITS");
	while (rest != NULL && rest < end) {
		line = rest + 1;
		rest = memchr(line, ' ', (size_t)(end - line));
		if (rest == NULL)
			rest = end;
		if (rest - line > 8 && strncasecmp(line, "RCPTMAX=", 8) == 0 &&
		    text_number(line + 8, (size_t)(rest - line - 8), 1000000, &n))
			s->recipients_max = (unsigned)n;
	}
}

/* Nothing is offered. */
static void
forget(struct remote_session *s)
{
	s->has_pipelining = s->has_size = s->has_8bitmime = s->has_smtputf8 = 0;
	s->has_dsn = s->has_requiretls = 0;
	s->size_max = s->recipients_max = 0;
}

/* The extensions stand in the lines s[0..left) of the reply to EHLO, after the first. */
static void
learn(struct remote_session *s, const char *line, size_t left)
{
	const char *lf, *end;
	int first = 1;

	forget(s);
	while ((lf = memchr(line, '\n', left)) != NULL) {
		end = lf > line && lf[-1] == '\r' ? lf - 1 : lf;
		while (end > line && end[-1] == ' ')
			end--;
		if (!first && end - line > 4)
			learn_keyword(s, line + 4, end);
		first = 0;
		left -= (size_t)(lf + 1 - line);
		line = lf + 1;
	}
}

/* EHLO, and HELO for a server that does not know it.  Returns 0, or -1 with fault. */
static int
say_hello(struct remote_session *s, const char *helo, struct outcome *fault)
{
	struct remote_reply reply;
	ssize_t n;

	remote_session_say(s, "EHLO ", helo, (char *)NULL);
	n = remote_session_await(s, "EHLO", COMMAND_SECONDS, &reply, fault);
	if (n == -1)
		return -1;
	if (reply.code / 100 == 2)
		learn(s, s->transport.input, (size_t)n);
	transport_consume(&s->transport, (size_t)n);
	if (reply.code / 100 == 5) {
		remote_session_say(s, "HELO ", helo, (char *)NULL);
		if (remote_session_hear(s, "HELO", COMMAND_SECONDS, &reply, fault) == -1)
			return -1;
	}
	if (reply.code / 100 == 2)
		return 0;
	remote_session_judge(s, &reply, fault);
	return -1;
}

int
remote_greeting(struct remote_session *s, const char *helo, struct outcome *fault)
{
	struct remote_reply reply;

	forget(s);
	s->needs_reset = 0;
	s->out.len = 0;
	if (remote_session_hear(s, "the greeting", GREETING_SECONDS, &reply, fault) == -1)
		return -1;
	if (reply.code / 100 != 2)
		remote_session_judge(s, &reply, fault);
	else if (say_hello(s, helo, fault) == 0)
		return 0;
	remote_session_quit(s);
	return -1;
}
