#include <limits.h>
#include <string.h>

#include "lib/maildircount.h"
#include "lib/maildirsize_parse.h"
#include "lib/text.h"

/* A signed number at s[*i..len).  Returns 1, or 0. */
static int
scan_signed(const char *s, size_t len, size_t *i, long long *n)
{
	unsigned long long amount = 0;
	int negative = *i < len && s[*i] == '-';
	size_t start = *i + (size_t)negative, end = start;

	for (; end < len && s[end] >= '0' && s[end] <= '9'; end++) {
		unsigned digit = (unsigned)(s[end] - '0');

		if (amount > ((unsigned long long)MAILDIRCOUNT_MAX - digit) / 10)
			return 0;
		amount = 10 * amount + digit;
	}
	if (end == start)
		return 0;
	*n = negative ? -(long long)amount : (long long)amount;
	*i = end;
	return 1;
}

static size_t
skip_blanks(const char *s, size_t len, size_t i)
{
	while (i < len && (s[i] == ' ' || s[i] == '\t' || s[i] == '\r'))
		i++;
	return i;
}

/* "BYTES MESSAGES", padded with blanks as Courier does.  Returns 1, or 0. */
static int
add_line(struct maildirsize *size, const char *s, size_t len)
{
	long long bytes, messages;
	size_t i = skip_blanks(s, len, 0), after;

	if (!scan_signed(s, len, &i, &bytes))
		return 0;
	after = skip_blanks(s, len, i);
	if (after == i || !scan_signed(s, len, &after, &messages) ||
	    skip_blanks(s, len, after) != len)
		return 0;
	size->bytes += bytes;
	size->messages += messages;
	size->lines++;
	return 1;
}

/* "BYTESS", or with a limit on messages too, which is read over.  Returns 1, or 0. */
static int
parse_quota(struct maildirsize *size, const char *s, size_t len)
{
	unsigned long long n;
	const char *comma;
	size_t item;

	for (;;) {
		comma = memchr(s, ',', len);
		item = comma != NULL ? (size_t)(comma - s) : len;
		if (item < 2 || !text_number(s, item - 1, LLONG_MAX, &n))
			return 0;
		if (s[item - 1] == 'S')
			size->quota = n;
		else if (s[item - 1] != 'C')
			return 0;
		if (comma == NULL)
			return 1;
		s += item + 1;
		len -= item + 1;
	}
}

int
maildirsize_parse(struct maildirsize *size, const char *s, size_t len)
{
	const char *end = memchr(s, '\n', len);

	memset(size, 0, sizeof(*size));
	if (len > MAILDIRSIZE_MAX || end == NULL ||
	    !parse_quota(size, s, (size_t)(end - s)))
		return 0;
	for (;;) {
		len -= (size_t)(end + 1 - s);
		s = end + 1;
		if (len == 0)
			break;
		end = memchr(s, '\n', len);
		if (end == NULL || !add_line(size, s, (size_t)(end - s)))
			return 0;
	}
	return size->bytes >= 0 && size->messages >= 0;
}
