#include <string.h>

#include "receive/smtp_policy.h"

static int
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Where the digits at s[at..len) end. */
static size_t
skip_digits(const char *s, size_t at, size_t len)
{
	while (at < len && is_digit(s[at]))
		at++;
	return at;
}

/* "550 5.7.1 text", its class being that of the letter: RFC 5321, 4.2 and RFC 2034. */
static int
is_reply(char class, const char *s, size_t len)
{
	size_t at, from;
	int i;

	if (len < 4 || s[0] != class || !is_digit(s[1]) || !is_digit(s[2]) || s[3] != ' ')
		return 0;
	if (len < 6 || s[4] != class || s[5] != '.')
		return 0;
	at = 6;
	for (i = 0; i < 2; i++) {
		from = at;
		at = skip_digits(s, from, len);
		if (at == from || at - from > 3 || at == len || s[at] != (i ? ' ' : '.'))
			return 0;
		at++;
	}
	return at < len;
}

/* "Name: text" (RFC 5322, 3.6.8). */
static int
is_field(const char *s, size_t len)
{
	size_t i;

	for (i = 0; i < len && s[i] > ' ' && s[i] < 127 && s[i] != ':'; i++)
		;
	return i && i < len && s[i] == ':';
}

char
smtp_policy_judge(const char *s, size_t len)
{
	size_t i;

	if (!len)
		return 0;
	for (i = 0; i < len; i++)
		if (((unsigned char)s[i] < ' ' && s[i] != '\t') || s[i] == 127)
			return 0;
	switch (s[0]) {
	case 'K':
		return len == 1 || is_field(s + 1, len - 1) ? 'K' : 0;
	case 'Z':
		return is_reply('4', s + 1, len - 1) ? 'Z' : 0;
	case 'D':
		return is_reply('5', s + 1, len - 1) ? 'D' : 0;
	}
	return 0;
}
