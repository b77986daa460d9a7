#ifndef QUEUE_SHOW_JOURNAL_H
#define QUEUE_SHOW_JOURNAL_H

#include <stralloc.h>

#include "queue/queue_file.h"

/*
 * Append f's journal, a sentence with its local time for each line, in which recipients
 * have the addresses that they had then; put is called after each.  What is no entry is
 * shown as such, so is a last line without an end.  Returns 0, or -1 with errno.  Dies
 * with DEFER when memory is short.
 */
int show_journal(stralloc *sa, const struct queue_file *f, void (*put)(void));

#endif
