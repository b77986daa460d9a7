#ifndef SCHEDULE_ACTIVE_H
#define SCHEDULE_ACTIVE_H

/* The active messages, found by their IDs. */

#include <stddef.h>

#include "schedule/message.h"
#include "turns/submitter.h"

#define ACTIVE_MAX 1000        /* messages at the same time */
#define ACTIVE_WEIGHT 33554432 /* bytes of envelopes, but one may be larger */

struct active {
	struct table all; /* by their IDs */
	size_t most;      /* as many as we have descriptors for, at most ACTIVE_MAX */
	size_t weight;
	size_t unfiled;               /* of them, those that are no files */
	struct submitter_table users; /* who submitted them */
};

/* The one with this ID, or null. */
struct message *active_find(const struct active *a, const char *id);

/* All of them, as table_next. */
struct message *active_each(const struct active *a, const struct message *m);

void active_add(struct active *a, struct message *m);

/* Take m out, close and free it. */
void active_remove(struct active *a, struct message *m);

#endif
