#ifndef DELIVER_ROOM_H
#define DELIVER_ROOM_H

/* The room that a maildir had a moment ago, less what has been let in since. */

#include <stdint.h>

/* Zeroed to begin with. */
struct room {
	int64_t until;            /* of deadline_now's time: so long it counts */
	unsigned long long quota; /* under which it was looked for */
	unsigned long long bytes; /* what is left of it */
};

/*
 * Is there room for a message of size bytes, which is let in then, without another look
 * into maildirsize?  Where hardly any is left the answer is 0: look.
 */
int room_take(struct room *room, unsigned long long quota, unsigned long long size);

/* maildirsize has told of so many bytes, and a message of size bytes was let in. */
void room_set(struct room *room, unsigned long long quota, unsigned long long bytes,
    unsigned long long size);

#endif
