#ifndef QUEUE_QUEUE_FOREIGN_H
#define QUEUE_QUEUE_FOREIGN_H

#include <stddef.h>
#include <stdint.h>

#define QUEUE_FOREIGN_MAX 32

/* What stands in the queue and is not ours: each is told once, not at each look. */
struct queue_foreign {
	uint64_t told[QUEUE_FOREIGN_MAX]; /* hashes of their names */
	size_t count;
};

/*
 * folder/name was met: log it, with why it is left alone, unless that has been done.
 * Beyond QUEUE_FOREIGN_MAX of them only their number's being exceeded is logged.
 */
void queue_foreign_meet(
    struct queue_foreign *f, const char *folder, const char *name, const char *why);

#endif
