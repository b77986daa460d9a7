#include "submit/submit_lines.h"
#include "lib/text.h"

void
submit_lines_put(struct submit_lines *lines, stralloc *out, const char *s, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++) {
		if (s[i] == '\n' && lines->kind == SUBMIT_LINES_UNKNOWN)
			lines->kind =
			    lines->last == '\r' ? SUBMIT_LINES_CRLF : SUBMIT_LINES_LF;
		if (s[i] == '\n' && lines->kind == SUBMIT_LINES_LF && lines->last != '\r')
			text_catb(out, "\r", 1);
		lines->last = s[i];
		text_catb(out, s + i, 1);
	}
}
