#ifndef ACCEPT_LATELY_H
#define ACCEPT_LATELY_H

/*
 * The IDs of messages that were done lately, or became files, the last ten thousands of
 * them: who asks again with one of these has been answered, though he did not hear it.
 */

#include <stdint.h>

#include "lib/queueid.h"

#define LATELY_ROOM 32768 /* a power of 2 */

enum lately_state { LATELY_UNKNOWN, LATELY_FILED, LATELY_DONE };

/* Zeroed to begin with, but for the seed, which is random. */
struct lately {
	uint64_t seed;
	unsigned first[LATELY_ROOM]; /* of those of a hash: its number + 1, or 0 */
	unsigned oldest;             /* which the next one takes the place of */
	struct {
		unsigned next; /* of the same hash, as first */
		char state;
		char id[QUEUEID_LEN + 1]; /* empty: nothing yet */
	} list[LATELY_ROOM];
};

void lately_put(struct lately *l, const char *id, enum lately_state state);

/* What is known of it; not where so many others came after it. */
enum lately_state lately_has(const struct lately *l, const char *id);

#endif
