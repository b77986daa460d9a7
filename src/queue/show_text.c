#include "queue/show_text.h"

#include <string.h>
#include <time.h>

#include "lib/text.h"
#include "lib/utf8.h"

/* C1 controls, and marks that make a line look like another one: Unicode, UAX 9. */
static int
is_harmful(unsigned long c)
{
	return c < ' ' || (c >= 0x7f && c < 0xa0) || c == 0x61c || c == 0x200e ||
	       c == 0x200f || (c >= 0x2028 && c <= 0x202e) ||
	       (c >= 0x2066 && c <= 0x2069);
}

/* How many bytes the first character of s[0..len) has; 0 when it is none. */
static size_t
character(const char *s, size_t len)
{
	for (size_t n = 1; n <= 4 && n <= len; ++n)
		if (utf8_is_sound(s, n))
			return n;
	return 0;
}

/* May s[0..len) grow into a character? */
static int
is_beginning(const char *s, size_t len)
{
	unsigned char c = *s;
	size_t whole = c >= 0xf0 ? 4 : c >= 0xe0 ? 3 : c >= 0xc2 ? 2 : 1;

	if (len >= whole)
		return 0;
	for (size_t i = 1; i < len; ++i)
		if (((unsigned char)s[i] & 0xc0) != 0x80)
			return 0;
	return 1;
}

static void
put_escaped(stralloc *sa, const char *s, size_t len)
{
	static const char hex[] = "0123456789abcdef";

	for (size_t i = 0; i < len; ++i) {
		unsigned char c = s[i];

		text_catb(sa, (char[]){'\\', 'x', hex[c >> 4], hex[c & 15]}, 4);
	}
}

size_t
show_text(stralloc *sa, const char *s, size_t len, int lines, int last)
{
	size_t i = 0, n, taken;

	for (; i < len; i += n) {
		n = character(s + i, len - i);
		if (n == 0 && !last && is_beginning(s + i, len - i))
			break;
		if (n == 0) {
			n = 1;
			put_escaped(sa, s + i, 1);
		} else if (is_harmful(utf8_first(s + i, n, &taken)) &&
			   !(lines && (s[i] == '\n' || s[i] == '\t')))
			put_escaped(sa, s + i, n);
		else
			text_catb(sa, s + i, n);
	}
	return i;
}

void
show_word(stralloc *sa, const char *s)
{
	show_text(sa, s, strlen(s), 0, 1);
}

static void
put_two(stralloc *sa, const char *before, int n)
{
	char digits[] = {'0' + n / 10 % 10, '0' + n % 10};

	text_cat(sa, before, (char *)0);
	text_catb(sa, digits, 2);
}

void
show_time(stralloc *sa, int64_t seconds)
{
	char year[DECIMAL_MAX];
	time_t t = seconds;
	struct tm tm;

	if (!localtime_r(&t, &tm) || tm.tm_year < -1900) {
		text_cat(sa, "no time", (char *)0);
		return;
	}
	text_cat(sa, text_decimal(year, tm.tm_year + 1900LL), (char *)0);
	put_two(sa, "-", tm.tm_mon + 1);
	put_two(sa, "-", tm.tm_mday);
	put_two(sa, " ", tm.tm_hour);
	put_two(sa, ":", tm.tm_min);
	put_two(sa, ":", tm.tm_sec);
}
