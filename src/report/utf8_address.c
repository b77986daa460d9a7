#include <string.h>

#include "lib/text.h"
#include "lib/utf8.h"
#include "report/utf8_address.h"

static const char digits[] = "0123456789ABCDEF";

static void
put_code(stralloc *sa, unsigned long code)
{
	int shift = code > 0xfffff  ? 20
		    : code > 0xffff ? 16
		    : code > 0xfff  ? 12
		    : code > 0xff   ? 8
				    : 4;

	text_cat(sa, "\\x{", (char *)NULL);
	for (; shift >= 0; shift -= 4)
		text_catb(sa, &digits[code >> shift & 15], 1);
	text_cat(sa, "}", (char *)NULL);
}

static int
is_plain(char c)
{
	return c > ' ' && c <= '~' && c != '\\' && c != '+' && c != '=';
}

void
utf8_address_encode(stralloc *sa, const char *s, size_t len, size_t max)
{
	size_t from = sa->len, taken;

	for (; len > 0 && sa->len - from < max; s += taken, len -= taken) {
		unsigned long code = utf8_first(s, len, &taken);

		if (is_plain(*s))
			text_catb(sa, s, 1);
		else
			put_code(sa, code);
	}
}

static int
has_controls(const char *s, size_t len)
{
	size_t taken;

	for (; len > 0; s += taken, len -= taken) {
		unsigned long code = utf8_first(s, len, &taken);

		if (code < ' ' || (code >= 0x7f && code < 0xa0))
			return 1;
	}
	return 0;
}

int
utf8_address_decode(stralloc *sa, const char *s, size_t len)
{
	size_t from = sa->len, taken;
	unsigned long code;
	char buf[4];

	for (; len > 0; s += taken, len -= taken) {
		taken = utf8_embedded(s, len, &code);
		if (taken > 0) {
			text_catb(sa, buf, utf8_put(buf, code));
		} else {
			taken = 1;
			text_catb(sa, s, 1);
		}
	}
	text_terminate(sa);
	if (utf8_is_sound(sa->s + from, sa->len - from) &&
	    !has_controls(sa->s + from, sa->len - from))
		return 1;
	sa->len = from;
	return 0;
}
