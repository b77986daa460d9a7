/* The lines of a stream are the same whatever the pieces in which it comes. */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lib/line.h"

#define LEN_LINE 40

static const uint8_t *rest;
static size_t rest_len, piece;

static ssize_t
take(int fd, void *buf, size_t len)
{
	(void)fd;
	if (len > piece)
		len = piece;
	if (len > rest_len)
		len = rest_len;
	memcpy(buf, rest, len);
	rest += len;
	rest_len -= len;
	return (ssize_t)len;
}

static void
read_lines(const uint8_t *data, size_t len, size_t size)
{
	char space[32];
	stralloc sa = {0};
	buffer b;
	size_t at = 0, full;
	const uint8_t *end;
	int r;

	rest = data;
	rest_len = len;
	piece = size;
	buffer_init(&b, (void *)take, 0, space, sizeof(space));
	while ((r = line_read(&b, &sa, LEN_LINE)) == LINE_OK || r == LINE_LONG) {
		end = memchr(data + at, '\n', len - at);
		if (end == NULL)
			abort();
		full = (size_t)(end - (data + at));
		if ((r == LINE_LONG) != (full + 1 > LEN_LINE) || sa.len > LEN_LINE ||
		    (r == LINE_OK && sa.len != full) ||
		    memcmp(sa.s, data + at, sa.len) != 0)
			abort();
		at += full + 1;
	}
	if ((r == LINE_EOF) != (at == len) || memchr(data + at, '\n', len - at) != NULL)
		abort();
	stralloc_free(&sa);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	read_lines(data, len, 1);
	read_lines(data, len, 7);
	read_lines(data, len, 32);
	return 0;
}
