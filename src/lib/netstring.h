#ifndef LIB_NETSTRING_H
#define LIB_NETSTRING_H

/* Netstrings written, and read from a descriptor. */

#include <stddef.h>
#include <sys/types.h>

#include <stralloc.h>

#include "lib/netstring_scan.h"

/* Append s[0..len) to sa as LEN:BYTES, ; dies with DEFER when memory is short. */
void netstring_put(stralloc *sa, const char *s, size_t len);

/*
 * Read one netstring from fd, never a byte beyond it, into sa, each read within
 * seconds.  Returns 1; 0 at the end of file before its first byte; -1 with
 * errno, EPROTO when it is malformed, cut or longer than max.
 */
int netstring_read(int fd, stralloc *sa, size_t max, unsigned seconds);

/* The same for one whose first byte has been read; its end is never a 0 then. */
int netstring_read_on(int fd, char first, stralloc *sa, size_t max, unsigned seconds);

#endif
