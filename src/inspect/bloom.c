
#include "inspect/bloom.h"
#include "lib/heap.h"
#include "lib/queueid.h"

/* Set the bit that hash means; was it set? */
static int
set_bit(struct bloom *seen, uint64_t hash)
{
	uint64_t *word = &seen->bits[hash / 64 % BLOOM_WORDS];
	uint64_t bit = UINT64_C(1) << hash % 64;
	int was_set = (*word & bit) != 0;

	*word |= bit;
	return was_set;
}

int
bloom_meet(struct bloom *seen, const char *id)
{
	int first, second;

	if (seen->bits == NULL)
		seen->bits = heap_make(BLOOM_WORDS, sizeof *seen->bits);
	first = set_bit(seen, queueid_hash(id, 3));
	second = set_bit(seen, queueid_hash(id, 4));
	return first && second;
}
