#include <errno.h>
#include <string.h>

#include "lib/base64.h"
#include "lib/durable.h"
#include "lib/text.h"
#include "lib/utf8.h"
#include "mime/mime_output.h"
#include "mime/quoted_printable.h"

#define BLOCK 65536       /* bytes that are written at once */
#define BASE64_BYTES 57   /* that become a line of 76 characters */
#define BASE64_COLUMNS 76 /* RFC 2045, 6.8 */

static void
drain(struct mime_output *o, size_t limit)
{
	if (o->fd == -1 || o->text.len < limit)
		return;
	if (!o->error && durable_write(o->fd, o->text.s, o->text.len) == -1)
		o->error = errno;
	o->text.len = 0;
}

void
mime_output_put(struct mime_output *o, const char *s, size_t len)
{
	size_t n;

	for (; len > 0; len -= n, s += n) {
		n = len < BLOCK ? len : BLOCK;
		text_catb(&o->text, s, n);
		drain(o, BLOCK);
	}
}

void
mime_output_say(struct mime_output *o, const char *s)
{
	mime_output_put(o, s, strlen(s));
}

/* How many bytes of the line s[0..len) come before its end; *next: with it. */
static size_t
line_length(const char *s, size_t len, size_t *next)
{
	const char *lf = memchr(s, '\n', len);
	size_t n = lf != NULL ? (size_t)(lf - s) : len;

	*next = lf != NULL ? n + 1 : n;
	return lf != NULL && n > 0 && s[n - 1] == '\r' ? n - 1 : n;
}

void
mime_output_put_ascii(struct mime_output *o, const char *s, size_t len)
{
	size_t i, n, next;
	int is_ascii;

	for (; len > 0; len -= next, s += next) {
		n = line_length(s, len, &next);
		is_ascii = utf8_is_ascii(s, n);
		for (i = 0; i < n; i++)
			mime_output_put(o,
			    s[i] & 0x80 || (!is_ascii && i == 0 && *s == '-') ? "?"
									      : s + i,
			    1);
		mime_output_put(o, s + n, next - n);
	}
}

static void
quote_line(struct mime_output *o, const char *s, size_t len, int mends)
{
	struct quoted_printable q = {.eol = o->eol};
	size_t at, n;

	while (mends && len > 0 && (s[len - 1] == ' ' || s[len - 1] == '\t'))
		len--;
	for (at = 0; at < len; at += n) {
		n = len - at < QUOTED_PRINTABLE_PIECE ? len - at : QUOTED_PRINTABLE_PIECE;
		text_room(&o->text, o->text.len + QUOTED_PRINTABLE_ROOM(n + 2));
		if (mends)
			o->text.len += quoted_printable_mend(
			    &q, o->text.s + o->text.len, s + at, len - at, &n);
		else
			o->text.len += quoted_printable_encode(
			    &q, o->text.s + o->text.len, s + at, n, at + n == len);
		drain(o, BLOCK);
	}
}

void
mime_output_quote(struct mime_output *o, const char *s, size_t len, int mends)
{
	size_t n, next;

	for (; len > 0; len -= next, s += next) {
		n = line_length(s, len, &next);
		quote_line(o, s, n, mends);
		mime_output_put(o, s + n, next - n);
	}
}

/* Bytes on their way to base64. */
struct triplets {
	char s[BASE64_BYTES];
	size_t n;
};

static void
flush_triplets(struct mime_output *o, struct triplets *t)
{
	if (t->n > 0) {
		base64_put(&o->text, t->s, t->n);
		mime_output_say(o, o->eol);
	}
	t->n = 0;
}

static void
add_triplets(struct mime_output *o, struct triplets *t, const char *s, size_t len)
{
	size_t n;

	for (; len > 0; len -= n, s += n) {
		n = BASE64_BYTES - t->n < len ? BASE64_BYTES - t->n : len;
		memcpy(t->s + t->n, s, n);
		t->n += n;
		if (t->n == BASE64_BYTES)
			flush_triplets(o, t);
	}
}

void
mime_output_base64(struct mime_output *o, const char *s, size_t len)
{
	struct triplets t = {.n = 0};
	size_t n, next;

	for (; len > 0; len -= next, s += next) {
		n = line_length(s, len, &next);
		add_triplets(o, &t, s, n);
		if (next > n)
			add_triplets(o, &t, "\r\n", 2);
	}
	flush_triplets(o, &t);
}

void
mime_output_mend_base64(struct mime_output *o, const char *s, size_t len)
{
	size_t i, column = 0;

	for (i = 0; i < len; i++) {
		if (s[i] == '\n')
			column = 0;
		else if (base64_is_digit(s[i]) || s[i] == '=')
			column++;
		else if (s[i] != '\r' || i + 1 == len || s[i + 1] != '\n')
			continue;
		if (column > BASE64_COLUMNS) {
			mime_output_say(o, o->eol);
			column = 1;
		}
		mime_output_put(o, s + i, 1);
	}
}

int
mime_output_end(struct mime_output *o)
{
	drain(o, 1);
	errno = o->error;
	return o->error ? -1 : 0;
}
