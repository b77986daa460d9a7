#ifndef INSPECT_LIST_ENTRY_H
#define INSPECT_LIST_ENTRY_H

#include <stdint.h>

#include <stralloc.h>

#include "queue/file.h"
#include "queue/history.h"

/* One message as queue-list shows it. */
struct list_entry {
	const char *id;
	const char *place; /* journal, new, later, paused, hold or bad */
	/* seconds since 1970; next is 0 when it is not in the schedule */
	int64_t now, next;
	const struct file *file;
	const struct history_last *last; /* of each recipient */
	/* of each recipient, whether it is meant; the others are not shown */
	const char *picked;
	size_t others;
};

int64_t list_entry_age(const struct list_entry *e);

/* Append a number, at least 0; a span of time as 12s, 34m, 5h, 6d. */
void list_entry_put_number(stralloc *sa, int64_t n);
void list_entry_put_span(stralloc *sa, int64_t seconds);

/* Append it to sa, some lines for reading. */
void list_entry_put_text(stralloc *sa, const struct list_entry *e);

/* The same for a file that is not a message. */
void list_entry_put_foreign_text(
    stralloc *sa, const char *place, const char *name, const char *why);

#endif
