/* Only CRLF.CRLF ends the data, whatever the pieces in which it comes. */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "smtp/data.h"

/* The bytes up to and with the final dot, or 0. */
static size_t
find_end(const char *s, size_t len)
{
	const char *end;

	if (len >= 3 && memcmp(s, ".\r\n", 3) == 0)
		return 3;
	end = memmem(s, len, "\r\n.\r\n", 5);
	return end != NULL ? (size_t)(end - s) + 5 : 0;
}

/* A CR or LF of s[0..len) that stands alone. */
static int
has_bare(const char *s, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++) {
		if (s[i] == '\r' && i + 1 < len && s[i + 1] == '\n')
			i++;
		else if (s[i] == '\r' || s[i] == '\n')
			return 1;
	}
	return 0;
}

static int
yes(void)
{
	return 1;
}

/* Decode in pieces to out; returns the bytes taken, *put are the bytes that came out. */
static size_t
decode(struct data *d, const char *s, size_t len, size_t piece, char *out, size_t *put,
    int (*mends)(void))
{
	size_t taken = 0, offered = 0, used;

	*put = 0;
	data_begin(d, 0, 0);
	d->mends = mends;
	while (!d->ended && offered < len) {
		offered = len - offered > piece ? offered + piece : len;
		*put += data_decode(d, out + *put, s + taken, offered - taken, &used);
		if (used > offered - taken || *put > len)
			abort();
		taken += used;
	}
	return taken;
}

/* Whose line ends are mended has no faults of these, and the same end. */
static void
check_mended(const char *s, size_t len, size_t end, char *whole, char *parts)
{
	struct data d, d_parts;
	size_t put, put_parts, taken;

	taken = decode(&d, s, len, len, whole, &put, yes);
	if (d.ended != (end != 0) || (end && taken != end) ||
	    d.faults & (DATA_BARE_CR | DATA_BARE_LF))
		abort();
	if (end && (memchr(whole, '\r', put) != NULL || d.is_mended != has_bare(s, end)))
		abort();
	taken = decode(&d_parts, s, len, 1, parts, &put_parts, yes);
	if (end && (taken != end || put != put_parts || memcmp(whole, parts, put) != 0))
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static const size_t pieces[] = {1, 3, 16};
	const char *s = (const char *)data;
	char *whole = malloc(len + 1), *parts = malloc(len + 1);
	size_t end = find_end(s, len), i, put, put_parts, taken;
	struct data d, d_parts;

	taken = decode(&d, s, len, len, whole, &put, NULL);
	if (d.ended != (end != 0) || (end && taken != end))
		abort();
	if (end && !(d.faults & (DATA_BARE_CR | DATA_BARE_LF)) != !has_bare(s, end))
		abort();
	if (d.octets > len || d.octets < put)
		abort();
	for (i = 0; i < sizeof pieces / sizeof *pieces; i++) {
		taken = decode(&d_parts, s, len, pieces[i], parts, &put_parts, NULL);
		if (d_parts.ended != d.ended || d_parts.header.hops != d.header.hops ||
		    (end &&
			(taken != end || put != put_parts || d.faults != d_parts.faults ||
			    memcmp(whole, parts, put) != 0)))
			abort();
	}
	check_mended(s, len, end, whole, parts);
	free(whole);
	free(parts);
	return 0;
}
