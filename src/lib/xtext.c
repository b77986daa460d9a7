#include <string.h>

#include "lib/text.h"
#include "lib/xtext.h"

static const char digits[] = "0123456789ABCDEF"; /* upper case only: RFC 3461, 4 */

/* The value of the hexadecimal digit c, or -1. */
static int
value_of(char c)
{
	const char *p = c != '\0' ? strchr(digits, c) : NULL;

	return p != NULL ? (int)(p - digits) : -1;
}

/*
 * The character at s[*at], *at moving past it; -1 when it is malformed.
 */
static int
next(const char *s, size_t len, size_t *at)
{
	unsigned char c = (unsigned char)s[(*at)++];
	int high, low;

	if (c < '!' || c > '~' || c == '=')
		return -1;
	if (c != '+')
		return c;
	if (len - *at < 2)
		return -1;
	high = value_of(s[(*at)++]);
	low = value_of(s[(*at)++]);
	return high == -1 || low == -1 ? -1 : high * 16 + low;
}

ssize_t
xtext_decode(char *out, const char *s, size_t len)
{
	size_t at = 0;
	ssize_t n = 0;
	int c;

	while (at < len) {
		c = next(s, len, &at);
		if (c == -1)
			return -1;
		out[n++] = (char)c;
	}
	return n;
}

int
xtext_is_printable(const char *s, size_t len)
{
	size_t at = 0;
	int c;

	while (at < len) {
		c = next(s, len, &at);
		if (c < ' ' || c > '~')
			return 0;
	}
	return 1;
}

void
xtext_cat(stralloc *sa, const char *s, size_t len)
{
	char code[3] = "+";
	unsigned char c;
	size_t i;

	for (i = 0; i < len; i++) {
		c = (unsigned char)s[i];
		if (c >= '!' && c <= '~' && c != '+' && c != '=') {
			text_catb(sa, s + i, 1);
			continue;
		}
		code[1] = digits[c / 16];
		code[2] = digits[c % 16];
		text_catb(sa, code, 3);
	}
}
