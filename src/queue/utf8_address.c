#include "queue/utf8_address.h"

#include <ctype.h>
#include <string.h>

#include "lib/text.h"
#include "lib/utf8.h"

#define CODE_DIGITS 6 /* 10FFFF */
#define CODE_MAX 0x10ffff

static const char digits[] = "0123456789ABCDEF";

static void
put_code(stralloc *sa, unsigned long code)
{
	int shift = code > 0xfffff  ? 20
		    : code > 0xffff ? 16
		    : code > 0xfff  ? 12
		    : code > 0xff   ? 8
				    : 4;

	text_cat(sa, "\\x{", (char *)0);
	for (; shift >= 0; shift -= 4)
		text_catb(sa, &digits[code >> shift & 15], 1);
	text_cat(sa, "}", (char *)0);
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

/* \x{...} at the beginning of s[0..len): its length, or 0. */
static size_t
scan_code(const char *s, size_t len, unsigned long *code)
{
	size_t i = 3;

	if (len < 5 || memcmp(s, "\\x{", 3) != 0)
		return 0;
	for (*code = 0; i < len && i < 3 + CODE_DIGITS && s[i] != '}'; ++i) {
		const char *p =
		    s[i] != '\0' ? strchr(digits, toupper((unsigned char)s[i])) : NULL;

		if (!p)
			return 0;
		*code = *code * 16 + (unsigned long)(p - digits);
	}
	return i > 3 && i < len && s[i] == '}' && *code <= CODE_MAX ? i + 1 : 0;
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
		taken = scan_code(s, len, &code);
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
