#ifndef ACCEPT_LATELY_H
#define ACCEPT_LATELY_H

/*
 * The IDs of messages that were done lately, or became files, some ten thousands of them:
 * who asks again with one of these has been answered, though he did not hear it.
 */

#include <stdint.h>

#include "lib/queueid.h"

#define LATELY_ROOM 32768 /* a power of 2 */

enum lately_state { LATELY_UNKNOWN, LATELY_FILED, LATELY_DONE };

/* Zeroed to begin with, but for the seed, which is random. */
struct lately {
	uint64_t seed;
	char ids[LATELY_ROOM][QUEUEID_LEN]; /* each where its hash says: the last one */
	char states[LATELY_ROOM];
};

void lately_put(struct lately *l, const char *id, enum lately_state state);

/* What is known of it; not where another took its place. */
enum lately_state lately_has(const struct lately *l, const char *id);

#endif
