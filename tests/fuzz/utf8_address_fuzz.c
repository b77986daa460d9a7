/* What is decoded is sound, and comes back from its ASCII form. */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <stralloc.h>

#include "lib/utf8.h"
#include "report/utf8_address.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	stralloc plain = {0}, ascii = {0}, again = {0};

	if (utf8_address_decode(&plain, (const char *)data, len)) {
		if (!utf8_is_sound(plain.s, plain.len))
			abort();
		utf8_address_encode(&ascii, plain.s, plain.len, 12 * plain.len);
		if (!utf8_is_ascii(ascii.s, ascii.len) ||
		    !utf8_address_decode(&again, ascii.s, ascii.len) ||
		    again.len != plain.len ||
		    (plain.len > 0 && memcmp(plain.s, again.s, plain.len) != 0))
			abort();
	} else if (plain.len != 0) {
		abort();
	}
	stralloc_free(&plain);
	stralloc_free(&ascii);
	stralloc_free(&again);
	return 0;
}
