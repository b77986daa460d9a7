#ifndef LIB_PEEK_LINE_H
#define LIB_PEEK_LINE_H

/* A line read from a socket, and nothing of what follows it. */

#include <stddef.h>
#include <stdint.h>

#include "lib/line.h"

/*
 * Read from the socket fd (or, byte by byte, a pipe) up to the next "\n" and never
 * beyond, so that what follows is there for whoever gets the descriptor next.  The line
 * without its "\n" is s[0..*len), of at most max bytes, for which s has room.  By the
 * time due it must have come.  Returns as line_read; a line that is LINE_LONG has been
 * read to its end.
 */
int peek_line(int fd, char *s, size_t max, size_t *len, int64_t due);

#endif
