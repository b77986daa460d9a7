/* Chunks of any sizes, in pieces of any sizes, make the same message. */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "smtp/bdat.h"
#include "smtp/data.h"

/* Is every CR of s[0..len) before an LF, every LF after a CR, and no null byte there? */
static int
is_canonical(const char *s, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++) {
		if (s[i] == '\0' || s[i] == '\n')
			return 0;
		if (s[i] == '\r' && (i + 1 == len || s[++i] != '\n'))
			return 0;
	}
	return 1;
}

static size_t
decode(struct data *d, const char *s, size_t len, size_t piece, char *out)
{
	size_t at, n, put = 0;

	data_begin(d, 1000, 500);
	for (at = 0; at < len; at += n) {
		n = len - at < piece ? len - at : piece;
		put += data_decode_chunk(d, out + put, s + at, n);
		if (put > at + n)
			abort();
	}
	return put + data_end_chunks(d, out + put);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	const unsigned bare = DATA_BARE_CR | DATA_BARE_LF | DATA_NULL;
	const char *s = (const char *)data;
	char *whole = malloc(len + 3), *parts = malloc(len + 3);
	struct bdat_chunk chunk;
	struct data d, d_parts;
	size_t piece, put, n = len;

	bdat_chunk_parse(&chunk, s, len);
	put = decode(&d, s, len, len + 1, whole);
	if (put > len + 2 || ((d.faults & bare) == 0) != is_canonical(s, len))
		abort();
	if (put && whole[put - 1] != '\n')
		abort();
	if (d.octets > 1000 && !(d.faults & DATA_TOO_LARGE))
		abort();
	for (piece = 1; piece < 8; piece += 2) {
		n = decode(&d_parts, s, len, piece, parts);
		if (n != put || memcmp(whole, parts, put) != 0 ||
		    d_parts.faults != d.faults || d_parts.octets != d.octets ||
		    d_parts.header.hops != d.header.hops)
			abort();
	}
	free(whole);
	free(parts);
	return 0;
}
