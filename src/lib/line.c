#include <errno.h>
#include <string.h>

#include "lib/line.h"
#include "lib/text.h"

int
line_read(buffer *b, stralloc *sa, size_t max)
{
	size_t taken = 0, room;
	const char *end;
	ssize_t len;

	sa->len = 0;
	for (;;) {
		len = buffer_feed(b);
		if (len == 0 && taken > 0)
			errno = EPROTO;
		if (len <= 0)
			return len == 0 && taken == 0 ? LINE_EOF : LINE_ERROR;
		end = memchr(buffer_peek(b), '\n', (size_t)len);
		if (end != NULL)
			len = end - buffer_peek(b);
		room = max - sa->len;
		text_catb(sa, buffer_peek(b), (size_t)len < room ? (size_t)len : room);
		/* counting stops growing once it is too long: no overflow on endless
		 * lines */
		if (taken <= max)
			taken += (size_t)len + (end != NULL);
		else
			taken = max + 1;
		buffer_seek(b, (size_t)len + (end != NULL));
		if (end != NULL)
			return taken <= max ? LINE_OK : LINE_LONG;
	}
}
