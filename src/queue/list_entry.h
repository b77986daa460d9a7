#ifndef QUEUE_LIST_ENTRY_H
#define QUEUE_LIST_ENTRY_H

#include <stdint.h>

#include <stralloc.h>

#include "queue/queue_file.h"
#include "queue/queue_history.h"

/* One message as queue-list shows it. */
struct list_entry {
	const char *id;
	const char *place; /* new, later, hold or bad */
	int64_t now,
	    next; /* seconds since 1970; next is 0 when it is not in the schedule */
	const struct queue_file *file;
	const struct queue_last *last; /* of each recipient */
};

/* Append it to sa: for reading, some lines; as JSON, one line. */
void list_entry_put_text(stralloc *sa, const struct list_entry *e);
void list_entry_put_json(stralloc *sa, const struct list_entry *e);

/* The same for a file that is not a message. */
void list_entry_put_foreign_text(
    stralloc *sa, const char *place, const char *name, const char *why);
void list_entry_put_foreign_json(
    stralloc *sa, const char *place, const char *name, const char *why);

#endif
