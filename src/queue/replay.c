#include "queue/replay.h"

/*
 * The first whole batch behind the one that isn't, whose number is a later one.  Returns
 * where it begins, or 0.
 */
static size_t
find_later(const struct replay *r)
{
	uint64_t sequence;
	size_t at = r->at;

	while (r->len - at > SEGMENT_BLOCK) {
		at += SEGMENT_BLOCK;
		if (segment_batch(r->segment, r->s + at, r->len - at, &sequence) > 0 &&
		    sequence > r->sequence)
			return at;
	}
	return 0;
}

enum replay_part
replay_next(struct replay *r, size_t *from, size_t *to)
{
	uint64_t sequence = 0;
	size_t len = r->len - r->at, bytes, taken;

	bytes = segment_batch(r->segment, r->s + r->at, len, &sequence);
	if (bytes == 0 || sequence < r->sequence) {
		*from = r->at;
		*to = find_later(r);
		if (*to == 0)
			return REPLAY_END;
		r->at = *to;
		return REPLAY_DAMAGE;
	}
	*from = r->at + SEGMENT_BATCH_HEAD;
	*to = r->at + bytes;
	taken = segment_round(bytes);
	r->at += taken < len ? taken : len;
	r->sequence = sequence + 1;
	return REPLAY_BATCH;
}
