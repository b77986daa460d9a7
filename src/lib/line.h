#ifndef LIB_LINE_H
#define LIB_LINE_H

/* Lines of bounded length. */

#include <stddef.h>

#include <buffer.h>
#include <stralloc.h>

#define LINE_OK 1
#define LINE_EOF 0
#define LINE_ERROR -1
#define LINE_LONG -2

/*
 * Read up to the next "\n" into sa, which holds the line without that "\n" (a "\r"
 * before it stays, so the caller can be strict about it).  LINE_OK: a line.
 * LINE_EOF: the end, with nothing before it.  LINE_ERROR: errno of the buffer's
 * operation; EPROTO when the end came in the middle of a line.  LINE_LONG: the
 * line, its "\n" included, was longer than max; it has been read to its end in constant
 * memory, and sa holds its beginning.  Dies with DEFER when memory is short.
 */
int line_read(buffer *b, stralloc *sa, size_t max);

#endif
