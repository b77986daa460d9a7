/* What TOP takes of a message does not depend on the pieces that it comes in. */

#include <stdint.h>
#include <stdlib.h>

#include "fetch/message_send.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	const char *s = (const char *)data;
	struct message_top at_once, in_pieces;
	size_t all, n = 0;

	if (len < 1)
		return 0;
	at_once = in_pieces = (struct message_top){.lines = data[0] & 7};
	s++, len--;
	all = message_top_take(&at_once, s, len);
	while (n < len && !in_pieces.done)
		n += message_top_take(&in_pieces, s + n, 1);
	if (all > len || n != all || at_once.done != in_pieces.done)
		abort();
	return 0;
}
