#include <string.h>

#include "lib/enhanced_status.h"
#include "lib/visible.h"
#include "send/remote_reply.h"

static int
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* The code of a line without its end, or -1. */
static int
code_of(const char *s, size_t len)
{
	if (len < 3 || s[0] < '2' || s[0] > '5' || !is_digit(s[1]) || !is_digit(s[2]))
		return -1;
	if (len > 3 && s[3] != ' ' && s[3] != '-')
		return -1;
	return (s[0] - '0') * 100 + (s[1] - '0') * 10 + (s[2] - '0');
}

static void
append(struct remote_reply *reply, size_t *at, const char *s, const char *end)
{
	int is_visible;
	size_t n;

	for (; s < end && *at < REMOTE_REPLY_TEXT_MAX; s += n) {
		n = visible_first(s, (size_t)(end - s), &is_visible);
		if (is_visible && n > REMOTE_REPLY_TEXT_MAX - *at)
			break;
		memcpy(reply->text + *at, is_visible ? s : " ", is_visible ? n : 1);
		*at += is_visible ? n : 1;
	}
	reply->text[*at] = '\0';
}

static void
append_blank(struct remote_reply *reply, size_t *at)
{
	static const char blank[] = " ";

	if (*at > 0)
		append(reply, at, blank, blank + 1);
}

/* Add a line of the reply: the code once, the same status once, then the words. */
static void
append_line(struct remote_reply *reply, size_t *at, const char *s, const char *end)
{
	size_t n;

	if (*at == 0) {
		append(reply, at, s, s + 3);
		n = end - s > 4 ? enhanced_status_scan(s + 4, (size_t)(end - s) - 4, *s)
				: 0;
		memcpy(reply->status, s + 4, n);
		reply->status[n] = '\0';
		s += 3;
	} else {
		s += end - s > 4 ? 4 : end - s;
		n = strlen(reply->status);
		if (n > 0 && (size_t)(end - s) >= n && memcmp(s, reply->status, n) == 0)
			s += n;
	}
	if (s < end && (*s == ' ' || *s == '-'))
		s++;
	if (s == end)
		return;
	append_blank(reply, at);
	append(reply, at, s, end);
}

ssize_t
remote_reply_parse(struct remote_reply *reply, const char *s, size_t len)
{
	const char *line = s, *end, *lf;
	size_t at = 0;
	int code, last;

	reply->code = 0;
	reply->status[0] = reply->text[0] = '\0';
	for (last = 0; !last; line = lf + 1) {
		lf = memchr(line, '\n', len - (size_t)(line - s));
		if (lf == NULL)
			return 0;
		end = lf > line && lf[-1] == '\r' ? lf - 1 : lf;
		code = code_of(line, (size_t)(end - line));
		/* RFC 5321, 4.2.1: the same code on each line; else which one would hold?
		 */
		if (code == -1 || (at > 0 && code != reply->code)) {
			append_blank(reply, &at);
			append(reply, &at, line, end);
			return -1;
		}
		reply->code = code;
		append_line(reply, &at, line, end);
		last = end - line < 4 || line[3] == ' ';
	}
	return line - s;
}
