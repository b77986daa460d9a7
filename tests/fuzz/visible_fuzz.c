/* Any bytes: what passes the filter for terminals is sound, and has nothing that they
 * obey. */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lib/json.h"
#include "lib/text.h"
#include "lib/utf8.h"
#include "lib/visible.h"

static void
check(const char *s, size_t len)
{
	size_t i, taken;
	unsigned long c;

	if (!utf8_is_sound(s, len) || !visible_are(s, len))
		abort();
	for (i = 0; i < len; i += taken) {
		c = utf8_first(s + i, len - i, &taken);
		if (c < ' ' || (c >= 127 && c < 160) || c == 0x200e || c == 0x200f ||
		    (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069))
			abort();
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	const char *s = (const char *)data;
	size_t max = len > 0 ? data[0] : 0, i, n;
	stralloc sa = {0};
	int is_visible, all = 1;

	for (i = 0; i < len; i += n) {
		n = visible_first(s + i, len - i, &is_visible);
		if (n == 0 || n > len - i)
			abort();
		all &= is_visible;
	}
	if (all != visible_are(s, len))
		abort();
	text_cat_printable(&sa, s, len, max);
	if (sa.len > max)
		abort();
	check(sa.s, sa.len);
	text_setb(&sa, s, len);
	i = strlen(sa.s);
	sa.len = 0;
	s = memcpy(malloc(i + 1), sa.s, i + 1);
	json_put_string(&sa, s);
	check(sa.s, sa.len);
	free((char *)s);
	stralloc_free(&sa);
	return 0;
}
