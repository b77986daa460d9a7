#ifndef ACCEPT_UNSETTLED_H
#define ACCEPT_UNSETTLED_H

/* The messages that are in the journal and not settled, in the order in which they came.
 */

#include <stddef.h>
#include <stdint.h>

#include <stralloc.h>

#include "lib/queueid.h"

struct slot;

/* One of them.  What it is made of stands in its slot, or in the batch in the making. */
struct unsettled {
	struct unsettled *chain, *earlier, *later;
	struct slot *slot; /* null: in the batch in the making */
	uint64_t at;       /* where its queue file begins, in the slot or the batch */
	uint32_t len;      /* of that file */
	char id[QUEUEID_LEN + 1];
	char handed;    /* the scheduler has it */
	char again;     /* and had it before */
	char asked;     /* the scheduler is to make a file of it */
	char filed;     /* a child is making a file of it */
	char stuck;     /* it can't be read: it stays where it is */
	stralloc lines; /* of its file's journal */
};

/* All of them.  Zeroed to begin with, but for the seed, which is random. */
struct unsettled_list {
	struct unsettled **slots; /* of the hash table */
	size_t room;              /* how many, a power of 2 */
	uint64_t seed;            /* of its hashes: clients choose IDs */
	size_t count;
	size_t handed;
	struct unsettled *first, *last;
	struct unsettled *waiting; /* none before it waits to be handed over; or null */
};

/* The message of this ID, or null. */
struct unsettled *unsettled_find(const struct unsettled_list *l, const char *id);

/* A new one at the end.  Dies with DEFER when memory is short. */
struct unsettled *unsettled_add(struct unsettled_list *l, const char *id);

/* Take it out and free it. */
void unsettled_drop(struct unsettled_list *l, struct unsettled *u);

/* The first that waits to be handed over or be made a file, or null. */
struct unsettled *unsettled_waiting(struct unsettled_list *l);

/* It is with the scheduler now. */
void unsettled_hand(struct unsettled_list *l, struct unsettled *u);

/* What the scheduler had waits again. */
void unsettled_take_back(struct unsettled_list *l);

#endif
