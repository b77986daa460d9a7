#include <string.h>

#include "lib/json.h"
#include "lib/text.h"
#include "lib/utf8.h"
#include "lib/visible.h"

#define NOT_UTF8 0xfffd /* the replacement character */

/* What stands for the character c in a JSON string. */
static void
put_escaped(stralloc *sa, unsigned long c)
{
	static const char hex[] = "0123456789abcdef";

	text_catb(sa,
	    (char[]){'\\', 'u', hex[c >> 12 & 15], hex[c >> 8 & 15], hex[c >> 4 & 15],
		hex[c & 15]},
	    6);
}

void
json_put_string(stralloc *sa, const char *s)
{
	size_t left = strlen(s), n, taken;
	int is_visible;

	text_catb(sa, "\"", 1);
	for (; left > 0; s += n, left -= n) {
		n = visible_first(s, left, &is_visible);
		if (*s == '"' || *s == '\\')
			text_catb(sa, (char[]){'\\', *s}, 2);
		else if (is_visible)
			text_catb(sa, s, n);
		else
			put_escaped(sa,
			    utf8_is_sound(s, n) ? utf8_first(s, n, &taken) : NOT_UTF8);
	}
	text_catb(sa, "\"", 1);
}

void
json_put_pair(stralloc *sa, const char *name, const char *value)
{
	text_cat(sa, "\"", name, "\":", (char *)NULL);
	json_put_string(sa, value);
}

void
json_put_count(stralloc *sa, const char *name, int64_t n)
{
	char buf[DECIMAL_MAX];

	text_cat(sa, ",\"", name, "\":", text_decimal(buf, n > 0 ? n : 0), (char *)NULL);
}
