#include <string.h>

#include "receive/smtp_header.h"

#define RECEIVED "received"
#define RECEIVED_LEN (sizeof RECEIVED - 1)
#define OTHER (RECEIVED_LEN + 1) /* the name is another one */

static int
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* One more character of a name. */
static void
match(struct smtp_header *header, char c)
{
	if (c >= 'A' && c <= 'Z')
		c += 'a' - 'A';
	if (header->matched < RECEIVED_LEN && c == RECEIVED[header->matched])
		header->matched++;
	else
		header->matched = OTHER;
}

/* The next character, in a name or around it. */
static void
step(struct smtp_header *header, char c)
{
	if (header->place == SMTP_HEADER_START) {
		header->matched = 0;
		if (is_blank(c)) {
			header->place = SMTP_HEADER_VALUE;
			return;
		}
		header->place = SMTP_HEADER_NAME;
	} else if (c == ':') {
		header->hops += header->matched == RECEIVED_LEN;
		header->place = SMTP_HEADER_VALUE;
		return;
	}
	if (is_blank(c))
		header->place = SMTP_HEADER_BLANK;
	else if (c < 33 || c == 127 || c == ':' || header->place == SMTP_HEADER_BLANK)
		header->ended = 1; /* no field: RFC 5322, 3.6.8 and 4.5.3 */
	else
		match(header, c);
}

void
smtp_header_look(struct smtp_header *header, const char *s, size_t len)
{
	const char *end = s + len, *newline;

	while (s < end && !header->ended) {
		if (header->place != SMTP_HEADER_VALUE) {
			step(header, *s++);
			header->octets++;
			continue;
		}
		newline = memchr(s, '\n', end - s);
		header->octets += (newline ? newline + 2 : end) - s;
		if (newline)
			header->place = SMTP_HEADER_START;
		s = newline ? newline + 1 : end;
	}
}
