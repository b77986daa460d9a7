/*
 * What a reader decodes from a converted message is what it decoded before.  The reader
 * here goes through the message line by line, as others do, not part by part.
 */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lib/text.h"
#include "mime/mime_convert.h"

#define LEVELS (MIME_CONVERT_DEPTH + 2)

struct reader {
	const char *at;
	const char *end;
	struct mime_type types[LEVELS]; /* of the multiparts that are open */
	size_t n;
	const char *line;
	size_t len; /* of the line, with its end */
	stralloc *told;
};

/* 1: a delimiter of the type's, 2: its last one. */
static int
delimits(const struct mime_type *type, const char *s, size_t len)
{
	size_t n = type->boundary_len;
	int last;

	while (len > 0 && s[len - 1] == '\n')
		if (--len > 0 && s[len - 1] == '\r')
			len--;
	while (len > 0 && (s[len - 1] == ' ' || s[len - 1] == '\t'))
		len--;
	if (len < n + 2 || memcmp(s, "--", 2) != 0 ||
	    memcmp(s + 2, type->boundary, n) != 0)
		return 0;
	last = len == n + 4 && memcmp(s + 2 + n, "--", 2) == 0;
	return last ? 2 : len == n + 2;
}

/* The next line; 0 at the end of what the innermost n - own open multiparts hold. */
static int
peek(struct reader *r, size_t own)
{
	const char *lf = memchr(r->at, '\n', (size_t)(r->end - r->at));
	size_t i;

	if (r->at == r->end)
		return 0;
	r->line = r->at;
	r->len = lf != NULL ? (size_t)(lf + 1 - r->at) : (size_t)(r->end - r->at);
	for (i = 0; i + own < r->n; i++)
		if (delimits(&r->types[i], r->line, r->len))
			return 0;
	return 1;
}

static void
tell(struct reader *r, const char *what, const char *s, size_t len)
{
	char n[DECIMAL_MAX];

	text_cat(r->told, what, " ", text_decimal(n, len), ":", (char *)NULL);
	text_catb(r->told, s, len);
	text_cat(r->told, "\n", (char *)NULL);
}

static int
hex_value(char c)
{
	return c >= '0' && c <= '9'   ? c - '0'
	       : c >= 'A' && c <= 'F' ? c - 'A' + 10
	       : c >= 'a' && c <= 'f' ? c - 'a' + 10
				      : -1;
}

static void
decode_quoted(stralloc *out, const char *s, size_t len)
{
	size_t n, i;
	char c;

	for (; len > 0; s += n + (n < len), len -= n + (n < len)) {
		const char *lf = memchr(s, '\n', len);
		size_t end = n = lf != NULL ? (size_t)(lf - s) : len;

		if (lf != NULL && end > 0 && s[end - 1] == '\r')
			end--;
		while (end > 0 && (s[end - 1] == ' ' || s[end - 1] == '\t'))
			end--;
		for (i = 0; i < end; i++) {
			if (s[i] == '=' && i + 1 == end)
				break;
			c = s[i];
			if (c == '=' && i + 2 < end && hex_value(s[i + 1]) != -1 &&
			    hex_value(s[i + 2]) != -1) {
				c = (char)(hex_value(s[i + 1]) << 4 |
					   hex_value(s[i + 2]));
				i += 2;
			}
			text_catb(out, &c, 1);
		}
		if (i == end && lf != NULL)
			text_catb(out, "\r\n", 2);
	}
}

/* Up to a padding, as readers do. */
static void
decode_base64(stralloc *out, const char *s, size_t len)
{
	static const char digits[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	unsigned long bits = 0;
	const char *digit;
	size_t i, n = 0;
	char c;

	for (i = 0; i < len && s[i] != '='; i++) {
		digit = s[i] != '\0' ? strchr(digits, s[i]) : NULL;
		if (digit == NULL)
			continue;
		bits = (bits << 6 | (unsigned long)(digit - digits)) & 0xffffff;
		if (n++ % 4 > 0) {
			c = (char)(bits >> (6 - 2 * ((n - 1) % 4)));
			text_catb(out, &c, 1);
		}
	}
}

static void
decode_lines(stralloc *out, const char *s, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++) {
		if (s[i] == '\n' && (i == 0 || s[i - 1] != '\r'))
			text_catb(out, "\r", 1);
		text_catb(out, s + i, 1);
	}
}

/* What stands between start and here, but for a line end that belongs to a delimiter. */
static size_t
body_length(const struct reader *r, const char *start)
{
	size_t len = (size_t)(r->at - start);

	if (r->at == r->end)
		return len;
	if (len > 0 && start[len - 1] == '\n')
		len--;
	return len > 0 && start[len - 1] == '\r' && start[len] == '\n' ? len - 1 : len;
}

static void
read_leaf(struct reader *r, enum mime_label label)
{
	const char *start = r->at;
	stralloc body = {0};

	while (peek(r, 0))
		r->at += r->len;
	if (label == MIME_QUOTED_PRINTABLE)
		decode_quoted(&body, start, body_length(r, start));
	else if (label == MIME_BASE64)
		decode_base64(&body, start, body_length(r, start));
	else
		decode_lines(&body, start, body_length(r, start));
	tell(r, "body", body.s != NULL ? body.s : "", body.len);
	stralloc_free(&body);
}

static void read_entity(struct reader *r, const char *default_type);

static void
read_parts(struct reader *r, const struct mime_type *type)
{
	int d = 0, is_digest = strcmp(type->sub, "digest") == 0;

	r->types[r->n++] = *type;
	while (d != 2 && peek(r, 1)) {
		d = delimits(&r->types[r->n - 1], r->line, r->len);
		r->at += r->len;
		if (d == 1)
			read_entity(r, is_digest ? "message/rfc822" : "text/plain");
	}
	r->n--;
	while (peek(r, 0))
		r->at += r->len;
	tell(r, "end", "", 0);
}

static int
has_parts(const struct reader *r, const struct mime_type *type)
{
	struct reader copy = *r;

	if (type->boundary_len == 0)
		return 0;
	for (; peek(&copy, 0); copy.at += copy.len)
		if (delimits(type, copy.line, copy.len))
			return 1;
	return 0;
}

static int
is_field(const struct reader *r, int is_first)
{
	size_t i;

	if (is_first && r->len >= 5 && memcmp(r->line, "From ", 5) == 0)
		return 1;
	if (*r->line == ' ' || *r->line == '\t')
		return 1;
	for (i = 0; i < r->len && r->line[i] > ' ' && r->line[i] < 127; i++)
		if (r->line[i] == ':')
			return i > 0;
	return 0;
}

static void
read_entity(struct reader *r, const char *default_type)
{
	const char *start = r->at;
	struct mime_header h;
	const struct mime_type *type = &h.type;

	while (peek(r, 0) && is_field(r, r->at == start))
		r->at += r->len;
	mime_header_parse(&h, start, (size_t)(r->at - start));
	if (!h.has_type)
		mime_type_parse(&h.type, default_type, strlen(default_type));
	if (peek(r, 0) &&
	    (*r->line == '\n' || (r->len == 2 && memcmp(r->line, "\r\n", 2) == 0)))
		r->at += r->len;
	tell(r, type->top, type->sub, strlen(type->sub));
	if (strcmp(type->top, "multipart") == 0 && strcmp(type->sub, "signed") != 0 &&
	    has_parts(r, type))
		read_parts(r, type);
	else if (strcmp(type->top, "multipart") == 0)
		read_leaf(r, MIME_7BIT);
	else if (mime_type_is(type, "message", "rfc822") && h.label != MIME_BASE64 &&
		 h.label != MIME_QUOTED_PRINTABLE)
		read_entity(r, "text/plain");
	else if (mime_type_is(type, "message", NULL) &&
		 strcmp(type->sub, "rfc822") != 0 && strncmp(type->sub, "global", 6) != 0)
		read_leaf(r, MIME_7BIT);
	else
		read_leaf(r, h.label);
}

static void
read_message(stralloc *told, const char *s, size_t len)
{
	struct reader r = {.at = s, .end = s + len, .told = told};

	read_entity(&r, "text/plain");
}

static void
check(int keeps_eight_bit, size_t line_max, const char *s, size_t len)
{
	struct mime_entity_task task = {.keeps_eight_bit = keeps_eight_bit,
				    .line_max = line_max,
				    .out = {.fd = -1}},
				again = task;
	stralloc before = {0}, after = {0};
	size_t i;

	if (mime_convert(&task, s, len) == 0) {
		text_terminate(&task.out.text);
		for (i = 0; i < task.out.text.len && !keeps_eight_bit; i++)
			if (task.out.text.s[i] & 0x80)
				abort();
		read_message(&before, s, len);
		read_message(&after, task.out.text.s, task.out.text.len);
		if (before.len != after.len || memcmp(before.s, after.s, before.len) != 0)
			abort();
		if (mime_convert(&again, task.out.text.s, task.out.text.len) == -1 ||
		    again.out.text.len != task.out.text.len ||
		    (again.out.text.len > 0 && memcmp(again.out.text.s, task.out.text.s,
						   task.out.text.len) != 0))
			abort();
	} else if (task.reason == NULL) {
		abort();
	}
	stralloc_free(&task.out.text);
	stralloc_free(&again.out.text);
	stralloc_free(&before);
	stralloc_free(&after);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	check(0, 0, (const char *)data, len);
	check(0, 90, (const char *)data, len);
	check(1, 90, (const char *)data, len);
	return 0;
}
