#include <string.h>
#include <time.h>

#include "inspect/show_text.h"
#include "lib/text.h"
#include "lib/visible.h"

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
	size_t i = 0, n;
	int is_visible;

	for (; i < len; i += n) {
		n = visible_first(s + i, len - i, &is_visible);
		if (!is_visible && !last && is_beginning(s + i, len - i))
			break;
		if (is_visible || (lines && (s[i] == '\n' || s[i] == '\t')))
			text_catb(sa, s + i, n);
		else
			put_escaped(sa, s + i, n);
	}
	return i;
}

void
show_text_word(stralloc *sa, const char *s)
{
	show_text(sa, s, strlen(s), 0, 1);
}

static void
put_two(stralloc *sa, const char *before, int n)
{
	char digits[] = {'0' + n / 10 % 10, '0' + n % 10};

	text_cat(sa, before, (char *)NULL);
	text_catb(sa, digits, 2);
}

void
show_text_time(stralloc *sa, int64_t seconds)
{
	char year[DECIMAL_MAX];
	time_t t = seconds;
	struct tm tm;

	if (localtime_r(&t, &tm) == NULL || tm.tm_year < -1900) {
		text_cat(sa, "no time", (char *)NULL);
		return;
	}
	text_cat(sa, text_decimal(year, tm.tm_year + 1900LL), (char *)NULL);
	put_two(sa, "-", tm.tm_mon + 1);
	put_two(sa, "-", tm.tm_mday);
	put_two(sa, " ", tm.tm_hour);
	put_two(sa, ":", tm.tm_min);
	put_two(sa, ":", tm.tm_sec);
}
