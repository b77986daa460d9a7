#include "lib/visible.h"
#include "lib/utf8.h"

static int
is_harmful(unsigned long c)
{
	return c < ' ' || (c >= 0x7f && c < 0xa0) || c == 0x61c || c == 0x200e ||
	       c == 0x200f || (c >= 0x2028 && c <= 0x202e) ||
	       (c >= 0x2066 && c <= 0x2069);
}

size_t
visible_first(const char *s, size_t len, int *is_visible)
{
	size_t n, taken;

	for (n = 1; n <= 4 && n <= len; n++)
		if (utf8_is_sound(s, n)) {
			*is_visible = !is_harmful(utf8_first(s, n, &taken));
			return n;
		}
	*is_visible = 0;
	return 1;
}

size_t
visible_plain(const char *s, size_t len)
{
	size_t n = 0;

	while (n < len && s[n] >= ' ' && s[n] <= '~')
		n++;
	return n;
}

int
visible_are(const char *s, size_t len)
{
	int is_visible = 1;
	size_t i;

	for (i = 0; i < len && is_visible;)
		i += visible_first(s + i, len - i, &is_visible);
	return is_visible;
}
