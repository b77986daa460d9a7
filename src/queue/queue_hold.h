#ifndef QUEUE_QUEUE_HOLD_H
#define QUEUE_QUEUE_HOLD_H

#include <stddef.h>

#include <stralloc.h>

#include "lib/selector.h"
#include "queue/queue_file.h"

#define QUEUE_HOLD_MAX 1000 /* rules */

/* Which new messages are held: control/hold.  Zeroed to begin with. */
struct queue_hold {
	struct queue_hold_rule {
		struct selector selector; /* its words point into the line */
		char *line;
		char *text; /* the line as it stands in the file */
	} * rules;
	size_t count;
};

/*
 * Read the rules.  Returns 0; -1 with errno, EINVAL when a line is no rule, and h is as
 * it was.  Dies with DEFER when memory is short.
 */
int queue_hold_read(struct queue_hold *h);

/* Free all of it. */
void queue_hold_free(struct queue_hold *h);

/* The first rule that the message meets, as it stands in the file; or null. */
const char *queue_hold_rule(
    const struct queue_hold *h, const struct queue_file *f, const char *id);

#endif
