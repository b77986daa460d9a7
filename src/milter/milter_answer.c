#include <string.h>

#include "lib/enhanced_status.h"
#include "lib/text.h"
#include "milter/milter_answer.h"
#include "milter/milter_packet.h"

#define REPLY_MAX 400 /* bytes */
#define CODE_LEN 3
#define REFUSED "550 5.7.1 Command rejected"
#define PUT_OFF "451 4.7.1 Service unavailable - try again later"
#define ENDED "421 4.7.0 Service unavailable"

static int
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Does s[0..len) begin with a code of 4xx or 5xx, and a blank or a hyphen? */
static int
is_reply(const char *s, size_t len)
{
	return len > CODE_LEN && (s[0] == '4' || s[0] == '5') && is_digit(s[1]) &&
	       is_digit(s[2]) && (s[3] == ' ' || s[3] == '-');
}

/*
 * The text of a line without code and status, behind a blank.  Milters write a percent
 * sign twice, for sendmail prints their text as a format; one alone means nothing.
 */
static void
put_line(stralloc *text, const char *s, size_t len, char class)
{
	size_t i, status;

	if (is_reply(s, len)) {
		s += CODE_LEN + 1;
		len -= CODE_LEN + 1;
		status = enhanced_status_scan(s, len, class);
		s += status;
		len -= status;
	}
	while (len > 0 && *s == ' ') {
		s++;
		len--;
	}
	if (len > 0 && text->len > 0)
		text_catb(text, " ", 1);
	for (i = 0; i < len; i++) {
		if (s[i] == '%' && ++i == len)
			break;
		if (s[i] != '\r')
			text_catb(text, s + i, 1);
	}
}

/* A reply of its own, perhaps of several lines. */
static int
take_reply(stralloc *reply, const char *s, size_t len)
{
	stralloc text = {0};
	const char *newline, *end;
	size_t status;
	char class;

	end = memchr(s, '\0', len);
	if (end != NULL)
		len = (size_t)(end - s);
	end = s + len;
	if (!is_reply(s, len))
		return 0;
	class = s[0];
	reply->len = 0;
	text_catb(reply, s, CODE_LEN);
	status = enhanced_status_scan(s + CODE_LEN + 1, len - CODE_LEN - 1, class);
	text_cat(reply, " ", (char *)NULL);
	if (status > 0)
		text_catb(reply, s + CODE_LEN + 1, status);
	else
		text_cat(reply, class == '5' ? "5.7.1" : "4.7.1", (char *)NULL);
	for (; s < end; s = newline + 1) {
		newline = memchr(s, '\n', (size_t)(end - s));
		if (newline == NULL)
			newline = end;
		put_line(&text, s, (size_t)(newline - s), class);
	}
	if (text.len == 0)
		text_cat(&text, "refused", (char *)NULL);
	text_cat(reply, " ", (char *)NULL);
	text_cat_printable(reply, text.s, text.len, REPLY_MAX);
	text_terminate(reply);
	stralloc_free(&text);
	return 1;
}

static int
refused(stralloc *reply, const char *s)
{
	text_set(reply, s);
	return MILTER_VERDICT_REFUSED;
}

int
milter_answer_judge(char command, const char *s, size_t len, stralloc *reply)
{
	switch (command) {
	case MILTER_CONTINUE:
	case MILTER_SKIP:
		return MILTER_VERDICT_NONE;
	case MILTER_ACCEPT:
		return MILTER_VERDICT_ACCEPTED;
	case MILTER_DISCARD:
		return MILTER_VERDICT_DISCARDED;
	case MILTER_REJECT:
		return refused(reply, REFUSED);
	case MILTER_TEMPFAIL:
	case MILTER_CONNECTION_FAIL:
		return refused(reply, PUT_OFF);
	case MILTER_SHUTDOWN:
		return refused(reply, ENDED);
	case MILTER_REPLY:
		if (take_reply(reply, s, len))
			return MILTER_VERDICT_REFUSED;
	}
	return -1;
}
