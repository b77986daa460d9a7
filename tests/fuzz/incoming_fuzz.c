/*
 * What passes of a header does not depend on the pieces in which it comes, passes
 * unchanged a second time, and has authors that are domains.
 */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lib/address.h"
#include "lib/text.h"
#include "origin/author.h"
#include "origin/incoming.h"

static unsigned
pass_in_pieces(stralloc *out, const char *s, size_t len, size_t piece)
{
	struct incoming in = {.name = "mx.example.test"};
	struct author author;
	size_t at, n, taken, i;

	for (at = 0; at < len; at += n) {
		n = len - at < piece ? len - at : piece;
		taken = incoming_feed(&in, out, s + at, n);
		if (taken != n && !in.ended)
			abort();
		text_catb(out, s + at + taken, n - taken);
	}
	incoming_end(&in, out);
	author_find(&author, in.from.s, in.from.len);
	for (i = 0; i < author.n; i++)
		if (!address_is_domain(author.domains[i], strlen(author.domains[i])))
			abort();
	stralloc_free(&in.from);
	stralloc_free(&in.held);
	return in.removed;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	stralloc one = {0}, other = {0}, again = {0};

	pass_in_pieces(&one, (const char *)data, len, len + 1);
	pass_in_pieces(&other, (const char *)data, len, 3);
	if (one.len != other.len || (one.len && memcmp(one.s, other.s, one.len) != 0))
		abort();
	if (pass_in_pieces(&again, one.s, one.len, 7) > 0 || again.len != one.len)
		abort();
	stralloc_free(&one);
	stralloc_free(&other);
	stralloc_free(&again);
	return 0;
}
