#ifndef LIB_FROM_ADDRESSES_H
#define LIB_FROM_ADDRESSES_H

/* The addresses in a From field. */

#include <stddef.h>

#include <stralloc.h>

/*
 * The next address of the mailbox-list (RFC 5322, 3.4, groups and obsolete forms
 * included, and names with commas outside of quotes, as devices write them) in
 * s[*at..len), without names and comments; *at moves past it.  Returns 1 with it in
 * address, 0 at the end, -1 when it is malformed.  Dies with DEFER when memory is short.
 */
int from_addresses_next(const char *s, size_t len, size_t *at, stralloc *address);

/*
 * The same of a list that a program of this machine has written, where an address may
 * lack its domain: *domain_at is then where in s that belongs, else 0.  No comma stands
 * in a name outside of quotes.
 */
int from_addresses_next_bare(
    const char *s, size_t len, size_t *at, stralloc *address, size_t *domain_at);

#endif
