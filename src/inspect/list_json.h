#ifndef INSPECT_LIST_JSON_H
#define INSPECT_LIST_JSON_H

/* A message as queue-list -j shows it. */

#include <stralloc.h>

#include "inspect/list_entry.h"

/* Append it to sa, one line. */
void list_json_put(stralloc *sa, const struct list_entry *e);

/* The same for a file that is not a message. */
void list_json_put_foreign(
    stralloc *sa, const char *place, const char *name, const char *why);

#endif
