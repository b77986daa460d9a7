/* What comes of a message does not depend on the pieces in which it comes. */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lib/header_fix.h"
#include "lib/text.h"

static void
fix_in_pieces(stralloc *out, const char *s, size_t len, size_t piece)
{
	struct header_fix fix = {
	    .date = "D: 1\n", .message_id = "I: 1\n", .from_added = "F: 1\n"};
	size_t at, n, taken;

	for (at = 0; at < len; at += n) {
		n = len - at < piece ? len - at : piece;
		taken = fix.ended ? 0 : header_fix_feed(&fix, out, s + at, n);
		if (taken != n && !fix.ended)
			abort();
		text_catb(out, s + at + taken, n - taken);
	}
	header_fix_end(&fix, out);
	stralloc_free(&fix.from.value);
	stralloc_free(&fix.sender.value);
	stralloc_free(&fix.name);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	stralloc one = {0}, other = {0};

	fix_in_pieces(&one, (const char *)data, len, len + 1);
	fix_in_pieces(&other, (const char *)data, len, 3);
	if (one.len != other.len || memcmp(one.s, other.s, one.len) != 0)
		abort();
	stralloc_free(&one);
	stralloc_free(&other);
	return 0;
}
