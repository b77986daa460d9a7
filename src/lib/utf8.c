#include <string.h>

#include "lib/utf8.h"

#define POINT_MAX 0x10fffful
#define POINT_DIGITS 6 /* of that, in hexadecimal */
#define SURROGATE_FIRST 0xd800ul
#define SURROGATE_LAST 0xdffful

/* How many bytes begin with c; 0 when none do. */
static size_t
length_of(unsigned char c)
{
	if (c < 0x80)
		return 1;
	if (c >= 0xc2 && c <= 0xdf)
		return 2;
	if (c >= 0xe0 && c <= 0xef)
		return 3;
	return c >= 0xf0 && c <= 0xf4 ? 4 : 0;
}

unsigned long
utf8_first(const char *s, size_t len, size_t *taken)
{
	static const unsigned char masks[] = {0, 0x7f, 0x1f, 0x0f, 0x07};
	size_t n = length_of((unsigned char)s[0]), i;
	unsigned long c = (unsigned char)s[0] & masks[n];

	for (i = 1; i < n && i < len; i++)
		c = c << 6 | ((unsigned char)s[i] & 0x3f);
	*taken = i;
	return c;
}

int
utf8_is_sound(const char *s, size_t len)
{
	static const unsigned long least[] = {0, 0, 0x80, 0x800, 0x10000};
	size_t n, i, taken;
	unsigned long c;

	for (; len > 0; s += n, len -= n) {
		n = length_of((unsigned char)s[0]);
		if (n == 0 || n > len)
			return 0;
		for (i = 1; i < n; i++)
			if (((unsigned char)s[i] & 0xc0) != 0x80)
				return 0;
		c = utf8_first(s, len, &taken);
		if (c < least[n] || c > POINT_MAX ||
		    (c >= SURROGATE_FIRST && c <= SURROGATE_LAST))
			return 0;
	}
	return 1;
}

int
utf8_is_ascii(const char *s, size_t len)
{
	size_t i, word, bits = 0;

	for (i = 0; i + sizeof(word) <= len; i += sizeof(word)) {
		memcpy(&word, s + i, sizeof(word));
		bits |= word;
	}
	for (; i < len; i++)
		bits |= (unsigned char)s[i];
	return (bits & (size_t)0x8080808080808080) == 0;
}

size_t
utf8_put(char *buf, unsigned long c)
{
	size_t n = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4, i;
	static const unsigned char marks[] = {0, 0, 0xc0, 0xe0, 0xf0};

	for (i = n - 1; i > 0; i--, c >>= 6)
		buf[i] = (char)(0x80 | (c & 0x3f));
	buf[0] = (char)(marks[n] | c);
	return n;
}

size_t
utf8_embedded(const char *s, size_t len, unsigned long *code)
{
	static const char digits[] = "0123456789ABCDEFabcdef";
	const char *digit;
	size_t i;

	if (len < 5 || memcmp(s, "\\x{", 3) != 0)
		return 0;
	for (*code = 0, i = 3; i < len && i < 3 + POINT_DIGITS && s[i] != '}'; i++) {
		digit = memchr(digits, s[i], sizeof digits - 1);
		if (digit == NULL)
			return 0;
		*code = *code * 16 +
			(unsigned long)(digit - digits - (digit - digits > 15 ? 6 : 0));
	}
	return i > 3 && i < len && s[i] == '}' && *code <= POINT_MAX ? i + 1 : 0;
}
