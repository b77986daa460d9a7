#ifndef INSPECT_SCREEN_H
#define INSPECT_SCREEN_H

/* What is shown, gathered and written. */

#include <stddef.h>

#include <stralloc.h>

#define SCREEN_FULL 32768 /* bytes that are worth a write */

/*
 * Write out to descriptor 1 and empty it, when it has at least so many bytes.  Dies with
 * DEFER when that fails.  (libowfat's buffer_flush returns 0 for a write that failed.)
 */
void screen_write(stralloc *out, size_t at);

#endif
