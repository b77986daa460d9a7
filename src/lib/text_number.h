#ifndef LIB_TEXT_NUMBER_H
#define LIB_TEXT_NUMBER_H

#include <stddef.h>

#define DECIMAL_MAX 24 /* bytes for any 64-bit number and its 0 */

/* n in decimal, written to buf, which holds DECIMAL_MAX bytes; returns buf. */
const char *text_decimal(char *buf, unsigned long long n);

/*
 * The decimal number that the whole of s[0..len) is.  Returns 1, or 0 when it is
 * empty, holds anything but digits, or is over max; *n is then unchanged.
 */
int text_number(const char *s, size_t len, unsigned long long max, unsigned long long *n);

#endif
