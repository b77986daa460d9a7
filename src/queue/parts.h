#ifndef QUEUE_PARTS_H
#define QUEUE_PARTS_H

/* The folders and the trigger of a queue, made and checked. */

#include <stddef.h>
#include <sys/types.h>

/* The folders and the trigger, as mail-setup makes them; the first is queue/new. */
struct parts_part {
	const char *path;
	mode_t type, mode;
};

#define PARTS_COUNT 7
const struct parts_part *parts_part(size_t i);

/*
 * Make a part that is missing; the group holds where it is not -1.  Returns 0, or
 * -1 with errno.
 */
int parts_make(const struct parts_part *part, gid_t group);

/*
 * Rename what stands in the place of a part and is something else: to PATH.SECONDS, of
 * now.  Returns 0, or -1 with errno.
 */
int parts_set_aside(const struct parts_part *part);

/*
 * For who is going to use them: what is missing is made, and what stands in its place
 * set aside, with warnings.  What can't be used then is warned of.  Returns 0; -1 when
 * queue/new is among that.
 */
int parts_provide(void);

#endif
