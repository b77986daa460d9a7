#ifndef ACCEPT_LATELY_H
#define ACCEPT_LATELY_H

/* The IDs of messages whose end was heard of lately, some thousands of them. */

#include <stdint.h>

#include "lib/queueid.h"

#define LATELY_ROOM 8192 /* a power of 2 */

/* Zeroed to begin with, but for the seed, which is random. */
struct lately {
	uint64_t seed;
	char ids[LATELY_ROOM][QUEUEID_LEN]; /* each where its hash says: the last one */
};

void lately_put(struct lately *l, const char *id);

/* Is it among them?  0, too, when another took its place. */
int lately_has(const struct lately *l, const char *id);

#endif
