/*
 * What is sent is canonical, ends with the only final dot, and does not depend on the
 * pieces in which the message comes.
 */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lib/dotstuff.h"

static size_t
encode(char *out, const char *in, size_t len, size_t piece)
{
	struct dotstuff d = {0}, counted = {0};
	size_t at = 0, n;

	for (; len > 0; in += n, len -= n) {
		n = len < piece ? len : piece;
		at += dotstuff_encode(&d, out + at, in, n);
		dotstuff_count(&counted, in, n);
	}
	at += dotstuff_end(&d, out + at);
	dotstuff_count_end(&counted);
	if (counted.octets != d.octets)
		abort();
	return at;
}

static void
must_be_canonical(const char *s, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		if ((s[i] == '\r') != (i + 1 < len && s[i + 1] == '\n'))
			abort();
	if (len < 3 || memcmp(s + len - 3, ".\r\n", 3) != 0 ||
	    memmem(s, len - 1, "\r\n.\r\n", 5) != NULL ||
	    (len > 3 && memcmp(s, ".\r\n", 3) == 0))
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	char *whole = malloc(DOTSTUFF_ROOM(len) + DOTSTUFF_END);
	char *pieces = malloc(len * 4 + 2 + DOTSTUFF_END);
	size_t n = encode(whole, (const char *)data, len, len);

	must_be_canonical(whole, n);
	if (encode(pieces, (const char *)data, len, 1) != n ||
	    memcmp(whole, pieces, n) != 0)
		abort();
	free(whole);
	free(pieces);
	return 0;
}
