/* Whatever pieces it comes in, the same is heard.  The first byte: how long they are. */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lib/exchange.h"
#include "lib/siphash.h"

/* All that is heard, as a number. */
static uint64_t
hear(const char *s, size_t len, size_t piece)
{
	static const uint64_t key[2] = {1, 2};
	struct exchange e = {0};
	enum exchange_event event;
	uint64_t all = 0;
	size_t at = 0, n;

	while (at < len) {
		n = len - at < piece ? len - at : piece;
		n = exchange_take(&e, s + at, n, &event);
		if (n > len - at)
			abort();
		at += n;
		if (!e.unbound && e.message.len > EXCHANGE_SMALL)
			abort();
		if (event == EXCHANGE_MORE)
			continue;
		all = all * 31 + event;
		if (event == EXCHANGE_LARGE) {
			e.unbound = 1;
			continue;
		}
		if (event == EXCHANGE_BAD)
			break;
		all = all * 31 + siphash(key, e.text.s, e.text.len);
		if (event == EXCHANGE_MESSAGE) {
			if (e.message.len != e.message_len ||
			    (e.id[0] != '\0' && !queueid_is(e.id)))
				abort();
			all = all * 31 + siphash(key, e.message.s, e.message.len);
		}
		e.unbound = 0;
		exchange_clear(&e);
	}
	exchange_free(&e);
	return all;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	const char *s = (const char *)data + 1;

	if (len == 0)
		return 0;
	if (hear(s, len - 1, len) != hear(s, len - 1, (size_t)data[0] + 1))
		abort();
	return 0;
}
