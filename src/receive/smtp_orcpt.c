#include <string.h>
#include <strings.h>

#include "lib/utf8.h"
#include "lib/xtext.h"
#include "receive/smtp_orcpt.h"

#define HEX_DIGITS_MAX 6 /* 10FFFF */
#define CODE_MAX 0x10ffff

/* The characters of an addr-type, an atom: RFC 3461, 4.2 */
static int
is_type(const char *s, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		if (s[i] <= ' ' || s[i] >= 127 || strchr("()<>@,;:\\\".[]+=", s[i]))
			return 0;
	return len > 0;
}

/* Is it a character, and none that controls? */
static int
is_character(unsigned long code)
{
	return code >= ' ' && (code < 0x7f || code >= 0xa0) && code <= CODE_MAX &&
	       (code < 0xd800 || code > 0xdfff);
}

/* The length of \x{HEX}, at the beginning of s[0..len); 0 when it is none. */
static size_t
embedded_length(const char *s, size_t len)
{
	static const char digits[] = "0123456789ABCDEFabcdef";
	unsigned long code = 0;
	const char *digit;
	size_t i;

	if (len < 5 || memcmp(s, "\\x{", 3) != 0)
		return 0;
	for (i = 3; i < len && i < 3 + HEX_DIGITS_MAX; i++) {
		digit = s[i] != '\0' ? strchr(digits, s[i]) : NULL;
		if (!digit)
			break;
		code = code * 16 +
		       (unsigned long)(digit - digits - (digit - digits > 15 ? 6 : 0));
	}
	return i > 3 && i < len && s[i] == '}' && is_character(code) ? i + 1 : 0;
}

/* utf-8-addr-xtext, or utf-8-addr-unitext */
static int
is_unitext(const char *s, size_t len)
{
	size_t taken;

	for (; len > 0; s += taken, len -= taken) {
		if (*s == '\\') {
			taken = embedded_length(s, len);
			if (taken == 0)
				return 0;
			continue;
		}
		if (*s == '+' || *s == '=' || *s == ' ' ||
		    !is_character(utf8_first(s, len, &taken)))
			return 0;
	}
	return 1;
}

int
smtp_orcpt_is_sound(const char *s, size_t len, int is_utf8)
{
	const char *semicolon = memchr(s, ';', len), *value;
	size_t left;

	if (!semicolon || !is_type(s, (size_t)(semicolon - s)))
		return 0;
	value = semicolon + 1;
	left = (size_t)(s + len - value);
	if (left == 0)
		return 0;
	if (semicolon - s != 5 || strncasecmp(s, "utf-8", 5) != 0)
		return xtext_is_printable(value, left);
	return (is_utf8 ? utf8_is_sound(value, left) : utf8_is_ascii(value, left)) &&
	       is_unitext(value, left);
}
