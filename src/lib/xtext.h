#ifndef LIB_XTEXT_H
#define LIB_XTEXT_H

/* xtext, read and written: RFC 3461, 4. */

#include <stddef.h>
#include <sys/types.h>

#include <stralloc.h>

/*
 * Decode the xtext (RFC 3461, 4) s[0..len) to out, which has room for len bytes and may
 * be s.  Returns the bytes written; -1 when it is malformed.
 */
ssize_t xtext_decode(char *out, const char *s, size_t len);

/* Is s[0..len) the xtext of printable ASCII, blanks included? */
int xtext_is_printable(const char *s, size_t len);

/* Append s[0..len) as xtext; dies with DEFER when memory is short. */
void xtext_cat(stralloc *sa, const char *s, size_t len);

#endif
