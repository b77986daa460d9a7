#include <string.h>
#include <strings.h>

#include "inspect/show_header.h"
#include "inspect/show_text.h"
#include "lib/text.h"

#define FIELD_MAX 1000 /* bytes of a field that are shown */

static const char *const shown[] = {
    "From:", "Sender:", "To:", "Cc:", "Subject:", "Date:", "Message-ID:"};

static int
is_shown(const char *s, size_t len)
{
	for (size_t i = 0; i < sizeof shown / sizeof *shown; ++i)
		if (len >= strlen(shown[i]) &&
		    strncasecmp(s, shown[i], strlen(shown[i])) == 0)
			return 1;
	return 0;
}

/* Where the line at s ends, behind its newline. */
static const char *
line_end(const char *s, const char *end)
{
	const char *newline = memchr(s, '\n', end - s);

	return newline != NULL ? newline + 1 : end;
}

/* The field without its folding. */
static void
put_field(stralloc *sa, const char *s, const char *end)
{
	stralloc field = {0};

	for (; s < end && field.len < FIELD_MAX; ++s)
		if (*s != '\n' && *s != '\r')
			text_catb(&field, s, 1);
	text_cat(sa, "    ", (char *)NULL);
	show_text(sa, field.s, field.len, 0, 1);
	text_cat(sa, s < end ? "...\n" : "\n", (char *)NULL);
	stralloc_free(&field);
}

void
show_header(stralloc *sa, const char *s, size_t len)
{
	const char *end = s + len, *next;

	for (; s < end && *s != '\n' && *s != '\r'; s = next) {
		next = line_end(s, end);
		while (next < end && (*next == ' ' || *next == '\t'))
			next = line_end(next, end);
		if (is_shown(s, next - s))
			put_field(sa, s, next);
	}
}
