#include <string.h>

#include "fetch/message_top.h"

static size_t
take_header(struct message_top *top, const char *s, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		if (s[i] == '\n' && !top->line_begun) {
			top->in_body = 1;
			top->done = top->lines == 0;
			return i + 1;
		} else if (s[i] == '\n')
			top->line_begun = 0;
		else if (s[i] != '\r')
			top->line_begun = 1;
	return len;
}

static size_t
take_body(struct message_top *top, const char *s, size_t len)
{
	const char *at = s, *lf;

	while ((lf = memchr(at, '\n', len - (size_t)(at - s))) != NULL) {
		at = lf + 1;
		if (--top->lines == 0) {
			top->done = 1;
			return (size_t)(at - s);
		}
	}
	return len;
}

size_t
message_top_take(struct message_top *top, const char *s, size_t len)
{
	size_t n = 0;

	if (top->lines == MESSAGE_TOP_ALL)
		return len;
	if (!top->in_body)
		n = take_header(top, s, len);
	if (top->in_body && !top->done)
		n += take_body(top, s + n, len - n);
	return n;
}
