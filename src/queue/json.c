#include "queue/json.h"

#include <string.h>

#include "lib/text.h"
#include "lib/utf8.h"

/* How many bytes at s, of the len there, are one character beyond ASCII; 0 when none. */
static size_t
character(const char *s, size_t len)
{
	for (size_t n = 2; n <= 4 && n <= len; ++n)
		if (utf8_is_sound(s, n))
			return n;
	return 0;
}

/* What stands for the one byte c in a JSON string. */
static void
put_escaped(stralloc *sa, unsigned char c)
{
	static const char hex[] = "0123456789abcdef";

	if (c == '"' || c == '\\')
		text_catb(sa, (char[]){'\\', c}, 2);
	else if (c < ' ' || c == 127)
		text_catb(sa, (char[]){'\\', 'u', '0', '0', hex[c >> 4], hex[c & 15]}, 6);
	else if (c > 127)
		text_cat(sa, "\\ufffd", (char *)0);
	else
		text_catb(sa, (const char *)&c, 1);
}

void
json_put_string(stralloc *sa, const char *s)
{
	size_t left = strlen(s), len;

	text_catb(sa, "\"", 1);
	for (; left > 0; s += len, left -= len) {
		len = (unsigned char)*s > 127 ? character(s, left) : 0;
		if (len > 0) {
			text_catb(sa, s, len);
			continue;
		}
		put_escaped(sa, *s);
		len = 1;
	}
	text_catb(sa, "\"", 1);
}

void
json_put_pair(stralloc *sa, const char *name, const char *value)
{
	text_cat(sa, "\"", name, "\":", (char *)0);
	json_put_string(sa, value);
}

void
json_put_count(stralloc *sa, const char *name, int64_t n)
{
	char buf[DECIMAL_MAX];

	text_cat(sa, ",\"", name, "\":", text_decimal(buf, n > 0 ? n : 0), (char *)0);
}
