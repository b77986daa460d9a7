#ifndef INSPECT_LIST_COUNTS_H
#define INSPECT_LIST_COUNTS_H

/* What waits in the queue, counted by destination. */

#include <stddef.h>
#include <stdint.h>

#include <stralloc.h>

#include "inspect/list_entry.h"

/* What waits for one destination. */
struct list_count {
	struct list_count *chain; /* with the same hash */
	size_t messages, recipients;
	int64_t age;     /* seconds, of the oldest message */
	int64_t next;    /* when it will be tried next, 0: not in the schedule */
	uint64_t latest; /* number of the last message that was counted */
	int is_paused;
	char domain[]; /* in lower case, empty for addresses without one */
};

/* All of them; memory grows with their number only.  Zeroed to begin with. */
struct list_counts {
	struct list_count **slots;
	size_t room, count;
	uint64_t messages; /* counted so far */
};

/* Count the picked recipients of the message; only those that wait, unless all. */
void list_counts_add(struct list_counts *c, const struct list_entry *e, int all);

/* The list, the longest line first; to be freed.  Dies with DEFER when memory is short.
 */
struct list_count **list_counts_list(const struct list_counts *c);

/* Append it to sa: for reading, a line under the heading; as JSON, one line. */
void list_counts_put_heading(stralloc *sa);
void list_counts_put_text(stralloc *sa, const struct list_count *c, int64_t now);
void list_counts_put_json(stralloc *sa, const struct list_count *c);

#endif
