#include <string.h>

#include "lib/siphash.h"
#include "queue/number64.h"
#include "queue/segment.h"

/* The number is the version of the format. */
#define MAGIC "facteurjournal1\n"
#define MAGIC_LEN (sizeof MAGIC - 1)
#define GENERATION_AT 16
#define SIZE_AT 24
#define KEY_AT 32
#define HASH_AT 48

/* A batch begins with its hash, which is over all that follows. */
#define BATCH_MAGIC "batch1\n"
#define BATCH_MAGIC_AT 8
#define BATCH_GENERATION_AT 16
#define BATCH_SEQUENCE_AT 24
#define BATCH_LENGTH_AT 32

void
segment_format(char *block, const struct segment *s)
{
	memset(block, 0, SEGMENT_BLOCK);
	memcpy(block, MAGIC, MAGIC_LEN);
	number64_put(block + GENERATION_AT, s->generation);
	number64_put(block + SIZE_AT, s->size);
	number64_put(block + KEY_AT, s->key[0]);
	number64_put(block + KEY_AT + 8, s->key[1]);
	number64_put(block + HASH_AT, siphash(s->key, block, HASH_AT));
}

int
segment_parse(struct segment *s, const char *block)
{
	if (memcmp(block, MAGIC, MAGIC_LEN) != 0)
		return 0;
	s->generation = number64_get(block + GENERATION_AT);
	s->size = number64_get(block + SIZE_AT);
	s->key[0] = number64_get(block + KEY_AT);
	s->key[1] = number64_get(block + KEY_AT + 8);
	return number64_get(block + HASH_AT) == siphash(s->key, block, HASH_AT);
}

size_t
segment_round(size_t len)
{
	return (len + SEGMENT_BLOCK - 1) / SEGMENT_BLOCK * SEGMENT_BLOCK;
}

size_t
segment_seal(const struct segment *s, uint64_t sequence, char *batch, size_t len)
{
	size_t taken = segment_round(len);

	memcpy(batch + BATCH_MAGIC_AT, BATCH_MAGIC, sizeof BATCH_MAGIC);
	number64_put(batch + BATCH_GENERATION_AT, s->generation);
	number64_put(batch + BATCH_SEQUENCE_AT, sequence);
	number64_put(batch + BATCH_LENGTH_AT, len);
	number64_put(
	    batch, siphash(s->key, batch + BATCH_MAGIC_AT, len - BATCH_MAGIC_AT));
	memset(batch + len, 0, taken - len);
	return taken;
}

static int
has_head(const struct segment *segment, const char *s, size_t len)
{
	return len >= SEGMENT_BATCH_HEAD &&
	       memcmp(s + BATCH_MAGIC_AT, BATCH_MAGIC, sizeof BATCH_MAGIC) == 0 &&
	       number64_get(s + BATCH_GENERATION_AT) == segment->generation;
}

size_t
segment_batch(
    const struct segment *segment, const char *s, size_t len, uint64_t *sequence)
{
	uint64_t bytes;

	if (!has_head(segment, s, len))
		return 0;
	bytes = number64_get(s + BATCH_LENGTH_AT);
	if (bytes < SEGMENT_BATCH_HEAD || bytes > len ||
	    number64_get(s) !=
		siphash(segment->key, s + BATCH_MAGIC_AT, bytes - BATCH_MAGIC_AT))
		return 0;
	*sequence = number64_get(s + BATCH_SEQUENCE_AT);
	return bytes;
}

size_t
segment_begins(
    const struct segment *segment, const char *s, size_t len, uint64_t sequence)
{
	uint64_t bytes;

	if (!has_head(segment, s, len) || number64_get(s + BATCH_SEQUENCE_AT) != sequence)
		return 0;
	bytes = number64_get(s + BATCH_LENGTH_AT);
	return bytes >= SEGMENT_BATCH_HEAD && bytes <= len ? bytes : len;
}
