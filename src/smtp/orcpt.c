#include <string.h>
#include <strings.h>

#include "lib/utf8.h"
#include "lib/visible.h"
#include "lib/xtext.h"
#include "smtp/orcpt.h"

/* The characters of an addr-type, an atom: RFC 3461, 4.2 */
static int
is_type(const char *s, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		if (s[i] <= ' ' || s[i] >= 127 ||
		    strchr("()<>@,;:\\\".[]+=", s[i]) != NULL)
			return 0;
	return len > 0;
}

/* Is it a character, and none that controls? */
static int
is_character(unsigned long code)
{
	return code >= ' ' && (code < 0x7f || code >= 0xa0) &&
	       (code < 0xd800 || code > 0xdfff);
}

/* utf-8-addr-xtext, or utf-8-addr-unitext */
static int
is_unitext(const char *s, size_t len)
{
	unsigned long code;
	size_t taken;

	for (; len > 0; s += taken, len -= taken) {
		if (*s == '\\') {
			taken = utf8_embedded(s, len, &code);
			if (taken == 0 || !is_character(code))
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
orcpt_is_sound(const char *s, size_t len, int is_utf8)
{
	const char *semicolon = memchr(s, ';', len), *value;
	size_t left;

	if (semicolon == NULL || !is_type(s, (size_t)(semicolon - s)))
		return 0;
	value = semicolon + 1;
	left = (size_t)(s + len - value);
	if (left == 0)
		return 0;
	if (semicolon - s != 5 || strncasecmp(s, "utf-8", 5) != 0)
		return xtext_is_printable(value, left);
	return (is_utf8 ? visible_are(value, left) : utf8_is_ascii(value, left)) &&
	       is_unitext(value, left);
}
