#ifndef LIB_TEXT_H
#define LIB_TEXT_H

/* Strings that grow, and text of a peer made printable. */

#include <stddef.h>

#include <stralloc.h>

#include "lib/text_decimal.h"
#include "lib/text_number.h"

/*
 * Append s[0..len) to sa, at most max bytes, with everything that a terminal would not
 * merely show (lib/visible) written as a blank: a peer's words made fit for a reply, a
 * header, a journal line or a screen.  Dies with DEFER when memory is short.
 */
void text_cat_printable(stralloc *sa, const char *s, size_t len, size_t max);

/* Append the strings that follow, up to a null pointer; dies with DEFER when memory is
 * short. */
void text_cat(stralloc *sa, ...) __attribute__((sentinel));

/* Append s[0..len); dies with DEFER when memory is short. */
void text_catb(stralloc *sa, const char *s, size_t len);

/* Make sa the C string s[0..len), or s; dies with DEFER when memory is short. */
void text_setb(stralloc *sa, const char *s, size_t len);
void text_set(stralloc *sa, const char *s);

/* Make copy the C string s[0..len); 0 when it has not room, max bytes, or there is a \0
 * in it. */
int text_copy(char *copy, size_t max, const char *s, size_t len);

/* The C string at *at, which is moved behind it; null when none ends before end. */
const char *text_next(const char **at, const char *end);

/* Room for len bytes in sa; dies with DEFER when memory is short. */
void text_room(stralloc *sa, size_t len);

/* Make sa empty, and leave nothing of a secret that it has held. */
void text_wipe(stralloc *sa);

/* Make sa.s a C string without changing sa.len; dies with DEFER when memory is short. */
void text_terminate(stralloc *sa);

#endif
