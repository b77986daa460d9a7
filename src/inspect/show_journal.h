#ifndef INSPECT_SHOW_JOURNAL_H
#define INSPECT_SHOW_JOURNAL_H

/* The journal of a message, told in sentences. */

#include <stralloc.h>

#include "queue/file.h"

/*
 * Append f's journal, a sentence with its local time for each line, in which recipients
 * have the addresses that they had then; put is called after each.  What is no entry is
 * shown as such, so is a last line without an end.  Returns 0, or -1 with errno.  Dies
 * with DEFER when memory is short.
 */
int show_journal(stralloc *sa, const struct file *f, void (*put)(void));

#endif
