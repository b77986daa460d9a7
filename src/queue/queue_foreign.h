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

/*
 * Move what stands at place under name to queue/bad, as queue_condemn does.  What can't
 * be moved stays, and is met as above.  Returns 0, or -1 with errno.
 */
int queue_foreign_condemn(
    struct queue_foreign *f, const char *name, int64_t place, const char *why);

/*
 * The same for a name that is no message ID, unless it begins with a dot, or with "tmp."
 * as files do that are being written where they can't be without a name.
 */
void queue_foreign_condemn_name(struct queue_foreign *f, const char *name, int64_t place);

#endif
