#include <string.h>

#include "lib/base64.h"
#include "lib/text.h"

static const char alphabet[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/* The six bits that c stands for, or -1. */
static int
value_of(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	if (c == '+')
		return 62;
	return c == '/' ? 63 : -1;
}

int
base64_is_digit(char c)
{
	return value_of(c) != -1;
}

ssize_t
base64_decode(char *out, const char *s, size_t len)
{
	size_t at, put = 0, padding = 0;
	unsigned long bits = 0;
	int value;

	if (len % 4)
		return -1;
	if (len && s[len - 1] == '=')
		padding = 1 + (s[len - 2] == '=');
	for (at = 0; at < len; at++) {
		value = at < len - padding ? value_of(s[at]) : 0;
		if (value == -1)
			return -1;
		bits = bits << 6 | (unsigned)value;
		if (at % 4 != 3)
			continue;
		out[put++] = (char)(bits >> 16);
		out[put++] = (char)(bits >> 8);
		out[put++] = (char)bits;
		bits = 0;
	}
	/* What the padding stands for must have been zero before it, too. */
	for (; padding; padding--)
		if (out[--put])
			return -1;
	return (ssize_t)put;
}

void
base64_put(stralloc *sa, const char *s, size_t len)
{
	const unsigned char *u = (const unsigned char *)s;
	char quad[4];
	size_t at;

	for (at = 0; at < len; at += 3) {
		unsigned long bits = (unsigned long)u[at] << 16;

		if (at + 1 < len)
			bits |= (unsigned long)u[at + 1] << 8;
		if (at + 2 < len)
			bits |= u[at + 2];
		quad[0] = alphabet[bits >> 18];
		quad[1] = alphabet[bits >> 12 & 63];
		quad[2] = at + 1 < len ? alphabet[bits >> 6 & 63] : '=';
		quad[3] = at + 2 < len ? alphabet[bits & 63] : '=';
		text_catb(sa, quad, sizeof quad);
	}
}
