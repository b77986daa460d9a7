#ifndef LIB_SINK_TOLD_H
#define LIB_SINK_TOLD_H

/* What a filter behind a socket is told of a message, as a program finds it in its
 * environment: sink(5). */

#include <stddef.h>

#include <stralloc.h>

#define SINK_TOLD_MAX 65535 /* bytes of it */

/*
 * Append what our environment says of a session and its message: NAME=VALUE and \0 each.
 * RECIPIENTS are left out when they make it too long; the last of a name counts.  Returns
 * 0, or -1 with E2BIG.
 */
int sink_told_put(stralloc *told);

/*
 * Let our environment be what the process began with and s[0..len), of that form; what it
 * had of these names, and what was set since, is gone.  Returns 1; 0 when it is
 * malformed, or names a variable that is not for a client to set.  Dies with DEFER when
 * memory is short.
 */
int sink_told_take(const char *s, size_t len);

#endif
