#ifndef QUEUE_FOREIGN_H
#define QUEUE_FOREIGN_H

#include <stddef.h>
#include <stdint.h>

#define FOREIGN_MAX 32

/* What stands in the queue and is not ours: each is told once, not at each look. */
struct foreign {
	uint64_t told[FOREIGN_MAX]; /* hashes of their names */
	size_t count;
};

/*
 * folder/name was met: log it, with why it is left alone, unless that has been done.
 * Beyond FOREIGN_MAX of them only their number's being exceeded is logged.
 */
void foreign_meet(
    struct foreign *f, const char *folder, const char *name, const char *why);

/*
 * Move what stands at place under name to queue/bad, as place_condemn does.  What can't
 * be moved stays, and is met as above.  Returns 0, or -1 with errno.
 */
int foreign_condemn(struct foreign *f, const char *name, int64_t place, const char *why);

/*
 * The same for a name that is no message ID, unless it begins with a dot, or with "tmp."
 * as files do that are being written where they can't be without a name.
 */
void foreign_condemn_name(struct foreign *f, const char *name, int64_t place);

#endif
