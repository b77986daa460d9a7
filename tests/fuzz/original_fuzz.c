/* Whatever the original is, its part has short lines without controls, its ID is one. */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <stralloc.h>

#include "report/field.h"
#include "report/original.h"

static void
check(const struct original *o)
{
	const stralloc *sa = &o->bytes;
	size_t column = 0;

	if (sa->len > 0 && sa->s[sa->len - 1] != '\n')
		abort();
	for (size_t i = 0; i < sa->len; ++i) {
		char c = sa->s[i];

		column = c == '\n' ? 0 : column + 1;
		if (column > FIELD_LINE_MAX || c == '\0' || c == '\r')
			abort();
		if (!o->whole && c == '\n' && i + 1 < sa->len && sa->s[i + 1] == '\n')
			abort();
	}
	for (size_t i = 0; i < o->message_id.len; ++i)
		if (o->message_id.s[i] <= ' ' || o->message_id.s[i] > '~')
			abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	for (int k = 0; k < 4; ++k) {
		struct original o = {0};
		stralloc message = {0};

		stralloc_copyb(&message, (const char *)data, len);
		original_take(&o, &message, k & 1, k & 2);
		check(&o);
		stralloc_free(&message);
		stralloc_free(&o.bytes);
		stralloc_free(&o.message_id);
	}
	return 0;
}
