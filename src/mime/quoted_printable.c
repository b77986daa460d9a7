#include <string.h>

#include "mime/quoted_printable.h"

#define LINE 75 /* and the "=" of a soft line break: RFC 2045, 6.7 (5) */

static const char hex[] = "0123456789ABCDEF";

/* Put the n bytes of atom, which must not be torn; returns what was written. */
static size_t
put(struct quoted_printable *q, char *out, const char *atom, size_t n)
{
	size_t at = 0;

	if (q->column + n > LINE) {
		out[at++] = '=';
		at += strlen(strcpy(out + at, q->eol));
		q->column = 0;
		q->is_continued = 1;
	}
	memcpy(out + at, atom, n);
	q->column += n;
	return at + n;
}

static size_t
put_octet(struct quoted_printable *q, char *out, char c)
{
	char atom[3] = {'=', hex[(unsigned char)c >> 4], hex[(unsigned char)c & 15]};

	return put(q, out, atom, sizeof(atom));
}

static int
is_plain(char c)
{
	return (c >= ' ' && c < 127 && c != '=') || c == '\t';
}

/* Would s[0..len), at the beginning of a line, be taken for something else? */
static int
is_startling(const struct quoted_printable *q, const char *s, size_t len, int is_last)
{
	size_t column = q->column < LINE ? q->column : 0;

	if (column > 0)
		return 0;
	if (*s == '-')
		return q->is_continued || q->column > 0 || len < 2 || s[1] == '-';
	if (*s == '.')
		return len == 1 && is_last;
	return len >= 5 && memcmp(s, "From ", 5) == 0;
}

size_t
quoted_printable_encode(
    struct quoted_printable *q, char *out, const char *s, size_t len, int is_last)
{
	size_t i, at = 0;
	int is_end;

	for (i = 0; i < len; i++) {
		is_end = is_last && i + 1 == len;
		if (!is_plain(s[i]) || (is_end && (s[i] == ' ' || s[i] == '\t')) ||
		    is_startling(q, s + i, len - i, is_last))
			at += put_octet(q, out + at, s[i]);
		else
			at += put(q, out + at, s + i, 1);
	}
	return at;
}

static int
is_hex(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'F') || (c >= 'a' && c <= 'f');
}

size_t
quoted_printable_mend(
    struct quoted_printable *q, char *out, const char *s, size_t len, size_t *taken)
{
	size_t i = 0, at = 0;

	while (i < len && i < QUOTED_PRINTABLE_PIECE) {
		if (s[i] == '=' && i + 1 == len) {
			/* the line's own soft break, which may stand in column 76 */
			out[at++] = '=';
			i++;
		} else if (s[i] == '=' && i + 2 < len && is_hex(s[i + 1]) &&
			   is_hex(s[i + 2])) {
			at += put(q, out + at, s + i, 3);
			i += 3;
		} else if (is_plain(s[i]) && !is_startling(q, s + i, len - i, 0)) {
			at += put(q, out + at, s + i, 1);
			i++;
		} else {
			at += put_octet(q, out + at, s[i]);
			i++;
		}
	}
	*taken = i;
	return at;
}
