/*
 * A segment in which anything may stand: what is found lies inside it, in order.  The
 * bytes are written over a segment with batches: place (2 bytes), length, bytes, and so
 * on; where the length is odd what is there is made a batch again.
 */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "queue/record.h"
#include "queue/replay.h"

#define SIZE (16 * SEGMENT_BLOCK)

static const struct segment segment = {.generation = 1, .key = {1, 2}};
static char bytes[SIZE + SEGMENT_BLOCK];

static void
prepare(void)
{
	static const struct record r = {
	    RECORD_SETTLED, "0hofc52zpb5l953d9rf5s5a3", 1, 0, "", 0};
	stralloc sa = {0};

	for (int i = 0; i < 3; i++)
		record_put(&sa, &r);
	memset(bytes, 0, sizeof bytes);
	for (size_t i = 0; i < 8; i++) {
		char *batch = bytes + i * SEGMENT_BLOCK;

		memcpy(batch + SEGMENT_BATCH_HEAD, sa.s, sa.len);
		segment_seal(&segment, i, batch, SEGMENT_BATCH_HEAD + sa.len);
	}
	stralloc_free(&sa);
}

static void
scribble(const uint8_t *data, size_t len)
{
	while (len > 4) {
		size_t at = ((size_t)data[0] << 8 | data[1]), n = data[2];

		if (n > len - 3)
			n = len - 3;
		memcpy(bytes + at, data + 3, n);
		if (n & 1) {
			at = at / SEGMENT_BLOCK * SEGMENT_BLOCK;
			segment_seal(
			    &segment, data[3] & 15, bytes + at, SEGMENT_BATCH_HEAD + n);
		}
		data += 3 + n;
		len -= 3 + n;
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct replay r = {.segment = &segment, .s = bytes, .len = SIZE};
	size_t from, to, last = 0;
	enum replay_part part;
	struct record record;
	ssize_t n;

	prepare();
	scribble(data, len);
	while ((part = replay_next(&r, &from, &to)) != REPLAY_END) {
		if (from < last || to < from || to > SIZE || r.at < to)
			abort();
		last = to;
		while (part == REPLAY_BATCH && from < to) {
			n = record_parse(&record, bytes + from, to - from);
			if (n == -1)
				break;
			if ((size_t)n > to - from || !queueid_is(record.id))
				abort();
			from += (size_t)n;
		}
	}
	return 0;
}
