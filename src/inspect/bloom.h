#ifndef INSPECT_BLOOM_H
#define INSPECT_BLOOM_H

#include <stdint.h>

#define BLOOM_WORDS 2097152 /* 16 MB: with ten million IDs one of 50 is mistaken */

/*
 * Which IDs have been met, in bounded memory: what was met is always known, but some
 * that were not are taken for known too.  Zeroed to begin with.
 */
struct bloom {
	uint64_t *bits;
};

/* Has id perhaps been met?  Remember that it is now.  Dies with DEFER without memory. */
int bloom_meet(struct bloom *seen, const char *id);

#endif
