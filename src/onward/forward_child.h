#ifndef ONWARD_FORWARD_CHILD_H
#define ONWARD_FORWARD_CHILD_H

/* A child that hands a message over to the sink, and waits for that in our place. */

#include <sys/types.h>

#include <stralloc.h>

#include "onward/forward.h"

/* Zeroed to begin with. */
struct forward_child {
	pid_t pid;
	int fd; /* its answer comes here */
	stralloc answer;
};

/*
 * Hand that part over to sink, an argv as of lib/sink.h; as root, a program is started as
 * QUEUE_UID and QUEUE_GID.  Returns 0; -1 with errno when no child could be made.
 */
int forward_child_begin(struct forward_child *c, struct forward *f,
    const struct forward_part *part, const char *const *sink);

/* Returns 1 when it is over, and the forward's answer is set; 0 when it is not. */
int forward_child_go_on(struct forward_child *c, struct forward *f);

/* End it, and its sink, before its time. */
void forward_child_abort(struct forward_child *c);

#endif
