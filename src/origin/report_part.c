#include <string.h>
#include <strings.h>

#include "lib/base64.h"
#include "lib/text.h"
#include "origin/report_part.h"

#define ENCODING "content-transfer-encoding:"
#define ENCODING_LEN (sizeof ENCODING - 1)

enum { PLAIN, BASE64, QUOTED_PRINTABLE };

/* The length of the line at s, its end included. */
static size_t
line_size(const char *s, size_t len)
{
	const char *newline = memchr(s, '\n', len);

	return newline != NULL ? (size_t)(newline - s) + 1 : len;
}

static int
is_empty_line(const char *s, size_t size)
{
	return (size == 1 && *s == '\n') || (size == 2 && memcmp(s, "\r\n", 2) == 0);
}

/* Does this line end the part?  No line of XML begins so, but the end of a comment. */
static int
is_boundary(const char *s, size_t size)
{
	return size > 3 && memcmp(s, "--", 2) == 0 && s[2] != '>';
}

/* Take the encoding from the value s[0..size) of its field, if it is there. */
static void
take_encoding(struct report_part *part, const char *s, size_t size)
{
	while (size > 0 && (*s == ' ' || *s == '\t')) {
		s++;
		size--;
	}
	if (size >= 6 && strncasecmp(s, "base64", 6) == 0)
		part->encoding = BASE64;
	else if (size >= 16 && strncasecmp(s, "quoted-printable", 16) == 0)
		part->encoding = QUOTED_PRINTABLE;
}

/* A line of a header, or of anything else between the parts. */
static void
take_line(struct report_part *part, const char *s, size_t size)
{
	if (size > ENCODING_LEN && strncasecmp(s, ENCODING, ENCODING_LEN) == 0) {
		part->is_field = 1;
		part->encoding = PLAIN;
		take_encoding(part, s + ENCODING_LEN, size - ENCODING_LEN);
	} else if (*s != ' ' && *s != '\t') {
		part->is_field = 0;
		if (is_boundary(s, size))
			part->encoding = PLAIN;
	} else if (part->is_field) {
		take_encoding(part, s, size);
	}
}

/* Append the digits of base64 in a line.  Returns 0 when it has others. */
static int
put_digits(stralloc *body, const char *s, size_t size)
{
	size_t i;

	while (size > 0 && strchr(" \t\r\n", s[size - 1]) != NULL)
		size--;
	for (i = 0; i < size; i++)
		if (!base64_is_digit(s[i]) && s[i] != '=')
			return 0;
	text_catb(body, s, size);
	return 1;
}

static int
hex_digit(char c)
{
	static const char digits[] = "0123456789abcdef";
	const char *at =
	    memchr(digits, c >= 'A' && c <= 'F' ? c | 0x20 : c, sizeof digits - 1);

	return at != NULL ? (int)(at - digits) : -1;
}

/* Append a line of quoted-printable, decoded: RFC 2045, 6.7. */
static void
put_quoted(stralloc *body, const char *s, size_t size)
{
	size_t i, end = size;
	int high, low;
	char c;

	while (end > 0 && strchr(" \t\r\n", s[end - 1]) != NULL)
		end--;
	for (i = 0; i < end; i++) {
		if (s[i] == '=' && i + 1 == end)
			return; /* the line goes on in the next one */
		high = s[i] == '=' && i + 2 < end ? hex_digit(s[i + 1]) : -1;
		low = high != -1 ? hex_digit(s[i + 2]) : -1;
		c = low != -1 ? (char)(high << 4 | low) : s[i];
		i += low != -1 ? 2 : 0;
		text_catb(body, &c, 1);
	}
	text_cat(body, "\n", (char *)NULL);
}

/* The part whose lines begin at at. */
static void
take_part(struct report_part *part, stralloc *body)
{
	const char *s;
	size_t size;
	ssize_t decoded;

	for (; part->at < part->len; part->at += size) {
		s = part->s + part->at;
		size = line_size(s, part->len - part->at);
		if (is_boundary(s, size) ||
		    (part->encoding == BASE64 && !put_digits(body, s, size)))
			break;
		if (part->encoding == QUOTED_PRINTABLE)
			put_quoted(body, s, size);
		else if (part->encoding == PLAIN)
			text_catb(body, s, size);
	}
	if (part->encoding == BASE64 && body->len > 0) {
		decoded = base64_decode(body->s, body->s, body->len);
		body->len = decoded > 0 ? (size_t)decoded : 0;
	}
	part->encoding = PLAIN;
}

int
report_part_next(struct report_part *part, stralloc *body)
{
	const char *s;
	size_t size;

	body->len = 0;
	while (part->at < part->len) {
		s = part->s + part->at;
		size = line_size(s, part->len - part->at);
		part->at += size;
		if (is_empty_line(s, size)) {
			take_part(part, body);
			return 1;
		}
		take_line(part, s, size);
	}
	return 0;
}
