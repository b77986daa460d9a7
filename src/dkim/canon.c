#include <string.h>

#include "dkim/canon.h"
#include "lib/lower.h"
#include "lib/text.h"

static int
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* The length of s[0..len) without the line end that it may end with. */
static size_t
without_line_end(const char *s, size_t len)
{
	if (len == 0 || s[len - 1] != '\n')
		return len;
	len--;
	return len > 0 && s[len - 1] == '\r' ? len - 1 : len;
}

/* The lines of a field as they are. */
static void
put_simple(stralloc *out, const char *s, size_t len)
{
	const char *newline;
	size_t line;

	do {
		newline = memchr(s, '\n', len);
		line = newline != NULL ? (size_t)(newline - s) + 1 : len;
		text_catb(out, s, without_line_end(s, line));
		text_catb(out, "\r\n", 2);
		s += line;
		len -= line;
	} while (len > 0);
}

/*
 * Append s[0..len) unfolded, with one blank for many, and none at its ends.  There is
 * room for it.
 */
static void
put_value(stralloc *out, const char *s, size_t len)
{
	size_t i, begin = out->len;
	int has_blank = 0;
	char c;

	for (i = 0; i < len; i++) {
		c = s[i];
		if (c == '\n' || (c == '\r' && i + 1 < len && s[i + 1] == '\n'))
			continue;
		if (is_blank(c)) {
			has_blank = 1;
			continue;
		}
		if (has_blank && out->len > begin)
			out->s[out->len++] = ' ';
		has_blank = 0;
		out->s[out->len++] = c;
	}
}

void
canon_put_field(stralloc *out, enum canon how, const char *s, size_t len)
{
	const char *colon = memchr(s, ':', len);
	size_t name, begin = out->len;

	if (how == CANON_SIMPLE || colon == NULL) {
		put_simple(out, s, len);
		return;
	}
	text_room(out, out->len + len + 2);
	name = (size_t)(colon - s);
	put_value(out, s, name);
	lower_bytes(out->s + begin, out->len - begin);
	out->s[out->len++] = ':';
	put_value(out, s + name + 1, without_line_end(s + name + 1, len - name - 1));
	text_catb(out, "\r\n", 2);
}

void
canon_body_begin(struct canon_body *body, enum canon how,
    void (*put)(void *to, const char *s, size_t len), void *to)
{
	body->how = how;
	body->put = put;
	body->to = to;
	body->lines = 0;
	body->has_blanks = body->has_cr = body->is_begun = 0;
	body->used = 0;
}

static void
flush(struct canon_body *body)
{
	if (body->used > 0)
		body->put(body->to, body->buffer, body->used);
	body->used = 0;
}

static void
put(struct canon_body *body, const char *s, size_t len)
{
	if (len > sizeof body->buffer - body->used)
		flush(body);
	if (len > sizeof body->buffer) {
		body->put(body->to, s, len);
		return;
	}
	memcpy(body->buffer + body->used, s, len);
	body->used += len;
}

/* Bytes that are neither blanks that may vanish nor parts of a line end. */
static void
put_text(struct canon_body *body, const char *s, size_t len)
{
	for (; body->lines > 0; body->lines--)
		put(body, "\r\n", 2);
	if (body->has_blanks)
		put(body, " ", 1);
	body->has_blanks = 0;
	body->is_begun = 1;
	put(body, s, len);
}

/* Is it none of those that may vanish: no blank, nothing of a line end? */
static int
is_text(char c)
{
	return (unsigned char)c > ' ' || (c != '\n' && c != '\r' && !is_blank(c));
}

/* How many bytes of s[0..len) go on as they are. */
static size_t
text_length(const struct canon_body *body, const char *s, size_t len)
{
	const char *end, *cr;
	size_t i = 0;

	if (body->how == CANON_RELAXED) {
		/* so does one blank between words */
		while (i < len &&
		       (is_text(s[i]) ||
			   (s[i] == ' ' && i > 0 && i + 1 < len && is_text(s[i + 1]))))
			i++;
		return i;
	}
	end = memchr(s, '\n', len);
	if (end != NULL)
		len = (size_t)(end - s);
	cr = memchr(s, '\r', len);
	return cr != NULL ? (size_t)(cr - s) : len;
}

void
canon_body_feed(struct canon_body *body, const char *s, size_t len)
{
	size_t i = 0, text;

	while (i < len) {
		if (body->has_cr && s[i] != '\n')
			put_text(body, "\r", 1);
		body->has_cr = 0;
		text = text_length(body, s + i, len - i);
		if (text > 0) {
			put_text(body, s + i, text);
			i += text;
			continue;
		}
		if (s[i] == '\n') {
			body->lines++;
			body->has_blanks = 0;
		} else if (s[i] == '\r') {
			body->has_cr = 1;
		} else {
			body->has_blanks = 1;
		}
		i++;
	}
}

void
canon_body_end(struct canon_body *body)
{
	if (body->has_cr)
		put_text(body, "\r", 1);
	if (body->is_begun || body->how == CANON_SIMPLE)
		put(body, "\r\n", 2);
	flush(body);
}
