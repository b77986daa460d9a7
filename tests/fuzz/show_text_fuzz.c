/* Any bytes, in any pieces: what is shown is the same, sound UTF-8, and moves no
 * terminal. */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "inspect/show_header.h"
#include "inspect/show_text.h"
#include "lib/utf8.h"

static void
check(const stralloc *sa)
{
	if (sa->len > 0 && !utf8_is_sound(sa->s, sa->len))
		abort();
	for (size_t i = 0; i < sa->len; ++i) {
		unsigned char c = sa->s[i];

		if ((c < ' ' && c != '\n' && c != '\t') || c == 127)
			abort();
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	const char *s = (const char *)data;
	size_t piece = len > 0 ? data[0] % 7 + 4 : 4, done = 0;
	stralloc whole = {0}, pieces = {0}, header = {0};

	if (show_text(&whole, s, len, 1, 1) != len)
		abort();
	while (done < len) {
		size_t n = len - done < piece ? len - done : piece;
		size_t taken = show_text(&pieces, s + done, n, 1, done + n == len);

		if (taken > n || taken == 0)
			abort();
		done += taken;
	}
	if (whole.len != pieces.len ||
	    (whole.len > 0 && memcmp(whole.s, pieces.s, whole.len) != 0))
		abort();
	check(&whole);
	show_header(&header, s, len);
	check(&header);
	stralloc_free(&whole);
	stralloc_free(&pieces);
	stralloc_free(&header);
	return 0;
}
