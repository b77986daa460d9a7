#ifndef LIB_TEXT_H
#define LIB_TEXT_H

#include <stddef.h>

#include <stralloc.h>

#include "lib/text_number.h"

/*
 * Append s[0..len) to sa, at most max bytes, with every control character
 * (and DEL) written as a blank: a peer's words made fit for a reply, a header
 * or a journal line.  Dies with DEFER when memory is short.
 */
void text_cat_printable(stralloc *sa, const char *s, size_t len, size_t max);

/* Append the strings that follow, up to a null pointer; dies with DEFER when memory is
 * short. */
void text_cat(stralloc *sa, ...) __attribute__((sentinel));

/* Append s[0..len); dies with DEFER when memory is short. */
void text_catb(stralloc *sa, const char *s, size_t len);

/* Make sa.s a C string without changing sa.len; dies with DEFER when memory is short. */
void text_terminate(stralloc *sa);

#endif
