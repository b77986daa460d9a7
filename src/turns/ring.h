#ifndef TURNS_RING_H
#define TURNS_RING_H

#include <stddef.h>

/*
 * A ring of those that wait for their turn.  Its nodes are members of what waits; the
 * ring itself is a pointer to the one whose turn it is, null when none waits.
 */
struct ring {
	struct ring *next, *prev;
};

/* What the node is the member of. */
#define RING_OF(node, type, member)                                                      \
	((type *)(void *)((char *)(node)-offsetof(type, member)))

/* Put node into the ring, so that its turn comes last, or first. */
void ring_put(struct ring **turn, struct ring *node);
void ring_put_first(struct ring **turn, struct ring *node);

/* Take node out; when it had the turn, the next one has it. */
void ring_remove(struct ring **turn, struct ring *node);

/* Take out the one whose turn it is; null when none waits. */
struct ring *ring_shift(struct ring **turn);

#endif
