#ifndef SCHEDULE_HOLD_H
#define SCHEDULE_HOLD_H

#include <stddef.h>

#include <stralloc.h>

#include "lib/selector.h"
#include "queue/file.h"

#define HOLD_MAX 1000 /* rules */

/* Which new messages are held: control/hold.  Zeroed to begin with. */
struct hold {
	struct hold_rule {
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
int hold_read(struct hold *h);

/* Free all of it. */
void hold_free(struct hold *h);

/* The first rule that the message meets, as it stands in the file; or null. */
const char *hold_rule(const struct hold *h, const struct file *f, const char *id);

#endif
