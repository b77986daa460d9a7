#ifndef LIB_TEXT_H
#define LIB_TEXT_H

#include <stddef.h>

#include <stralloc.h>

#define DECIMAL_MAX 24 /* bytes for any 64-bit number and its 0 */

/* n in decimal, written to buf, which holds DECIMAL_MAX bytes; returns buf. */
const char *text_decimal(char *buf, unsigned long long n);

/*
 * The decimal number that the whole of s[0..len) is.  Returns 1, or 0 when it is
 * empty, holds anything but digits, or is over max; *n is then unchanged.
 */
int text_number(const char *s, size_t len, unsigned long long max, unsigned long long *n);

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
