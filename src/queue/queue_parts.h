#ifndef QUEUE_QUEUE_PARTS_H
#define QUEUE_QUEUE_PARTS_H

#include <stddef.h>
#include <sys/types.h>

/* The folders and the trigger, as mail-setup makes them; the first is queue/new. */
struct queue_part {
	const char *path;
	mode_t type, mode;
};

#define QUEUE_PARTS 6
const struct queue_part *queue_part(size_t i);

/*
 * Make a part that is missing; owner and group hold where they are not -1.  Returns 0, or
 * -1 with errno.
 */
int queue_part_make(const struct queue_part *part, uid_t owner, gid_t group);

/*
 * Rename what stands in the place of a part and is something else: to PATH.SECONDS, of
 * now.  Returns 0, or -1 with errno.
 */
int queue_part_set_aside(const struct queue_part *part);

/*
 * For who is going to use them: what is missing is made, and what stands in its place
 * set aside, with warnings.  What can't be used then is warned of.  Returns 0; -1 when
 * queue/new is among that.
 */
int queue_parts_provide(void);

#endif
