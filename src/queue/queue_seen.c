#include "queue/queue_seen.h"

#include <stdlib.h>

#include <errmsg.h>

#include "lib/queueid.h"
#include "lib/verdict.h"

/* Set the bit that hash means; was it set? */
static int
set_bit(struct queue_seen *seen, uint64_t hash)
{
	uint64_t *word = &seen->bits[hash / 64 % QUEUE_SEEN_WORDS];
	uint64_t bit = UINT64_C(1) << hash % 64;
	int was_set = (*word & bit) != 0;

	*word |= bit;
	return was_set;
}

int
queue_seen_meet(struct queue_seen *seen, const char *id)
{
	int first, second;

	if (!seen->bits)
		seen->bits = calloc(QUEUE_SEEN_WORDS, sizeof *seen->bits);
	if (!seen->bits)
		die(DEFER, "out of memory");
	first = set_bit(seen, queueid_hash(id, 3));
	second = set_bit(seen, queueid_hash(id, 4));
	return first && second;
}
