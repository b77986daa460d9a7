#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include "lib/log_hold.h"
#include "lib/log_line.h"
#include "lib/visible.h"

#define CUT "..."
#define ROOM (LOG_LINE_MAX - sizeof("\"" CUT)) /* the rest is kept for these and "\n" */

/* A line that grows up to its limit. */
struct log_line {
	char s[LOG_LINE_MAX];
	size_t len;
	int full;
};

static void
put(struct log_line *line, const char *s, size_t len)
{
	if (line->full)
		return;
	if (line->len + len > ROOM) {
		line->full = 1;
		return;
	}
	memcpy(line->s + line->len, s, len);
	line->len += len;
}

/* What can stand as it is at the beginning of s, as far as there is room. */
static size_t
put_plain(struct log_line *line, const char *s, size_t len)
{
	size_t n = visible_plain(s, len), special;

	for (special = 0; special < n; special++)
		if (s[special] == '"' || s[special] == '\\')
			break;
	n = special;
	if (line->len + n > ROOM) {
		put(line, s, ROOM - line->len);
		line->full = 1;
	} else {
		put(line, s, n);
	}
	return n;
}

static int
needs_quotes(const char *s)
{
	if (*s == '\0')
		return 1;
	for (; *s != '\0'; s++)
		if (*s == ' ' || *s == '"' || *s == '\\' || *s == '=')
			return 1;
	return 0;
}

static void
put_value(struct log_line *line, const char *s)
{
	static const char hex[] = "0123456789abcdef";
	const char *quote = needs_quotes(s) ? "\"" : "";
	size_t left = strlen(s), n, i;
	int is_visible;
	unsigned char c;

	put(line, quote, strlen(quote));
	if (line->full)
		return;
	for (; left > 0 && !line->full; s += n, left -= n) {
		n = put_plain(line, s, left);
		if (n > 0)
			continue;
		n = visible_first(s, left, &is_visible);
		for (i = 0; i < n && !is_visible; i++) {
			c = (unsigned char)s[i];
			put(line, (char[]){'\\', 'x', hex[c >> 4], hex[c & 15]}, 4);
		}
		if (*s == '"' || *s == '\\')
			put(line, (char[]){'\\', *s}, 2);
		else if (is_visible)
			put(line, s, n);
	}
	/* also of a cut value: an open quote would swallow what follows it */
	if (*quote != '\0')
		line->s[line->len++] = '"';
}

static void
put_pair(struct log_line *line, const char *name, const char *value)
{
	size_t start = line->len;

	if (line->full)
		return;
	if (line->len > 0)
		put(line, " ", 1);
	put(line, name, strlen(name));
	put(line, "=", 1);
	if (line->full)
		line->len = start;
	else
		put_value(line, value);
}

void
log_line_write(const char *program, const char *id, const char *event, va_list pairs)
{
	struct log_line line;
	const char *name, *value;

	line.len = 0;
	line.full = 0;
	if (id != NULL && *id != '\0')
		put_pair(&line, "id", id);
	put_pair(&line, "at", program);
	put_pair(&line, "event", event);
	while ((name = va_arg(pairs, const char *)) != NULL) {
		value = va_arg(pairs, const char *);
		if (value != NULL)
			put_pair(&line, name, value);
	}
	if (line.full) {
		memcpy(line.s + line.len, CUT, sizeof(CUT) - 1);
		line.len += sizeof(CUT) - 1;
	}
	line.s[line.len++] = '\n';
	log_hold_put(line.s, line.len);
}
