#ifndef QUEUE_LIST_ENTRY_H
#define QUEUE_LIST_ENTRY_H

#include <stdint.h>

#include <stralloc.h>

#include "queue/queue_file.h"
#include "queue/queue_history.h"

/* One message as queue-list shows it. */
struct list_entry {
	const char *id;
	const char *place; /* new, later, paused, hold or bad */
	int64_t now,
	    next; /* seconds since 1970; next is 0 when it is not in the schedule */
	const struct queue_file *file;
	const struct queue_last *last; /* of each recipient */
	const char *
	    picked; /* of each recipient, whether it is meant; the others are not shown */
	size_t others;
};

int64_t list_entry_age(const struct list_entry *e);

/* Append a number, at least 0; a span of time as 12s, 34m, 5h, 6d. */
void list_put_number(stralloc *sa, int64_t n);
void list_put_span(stralloc *sa, int64_t seconds);

/* Append it to sa: for reading, some lines; as JSON, one line. */
void list_entry_put_text(stralloc *sa, const struct list_entry *e);
void list_entry_put_json(stralloc *sa, const struct list_entry *e);

/* The same for a file that is not a message. */
void list_entry_put_foreign_text(
    stralloc *sa, const char *place, const char *name, const char *why);
void list_entry_put_foreign_json(
    stralloc *sa, const char *place, const char *name, const char *why);

#endif
