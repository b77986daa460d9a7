#ifndef RECEIVE_FROM_ADDRESSES_H
#define RECEIVE_FROM_ADDRESSES_H

#include <stddef.h>

#include <stralloc.h>

/*
 * The next address of the mailbox-list (RFC 5322, 3.4, groups and obsolete forms
 * included) in s[*at..len), without names and comments; *at moves past it.  Returns 1
 * with it in address, 0 at the end, -1 when it is malformed.  Dies with DEFER when memory
 * is short.
 */
int from_addresses_next(const char *s, size_t len, size_t *at, stralloc *address);

#endif
