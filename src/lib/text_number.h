#ifndef LIB_TEXT_NUMBER_H
#define LIB_TEXT_NUMBER_H

/* Numbers read in decimal. */

#include <stddef.h>

/*
 * The decimal number that the whole of s[0..len) is.  Returns 1, or 0 when it is
 * empty, holds anything but digits, or is over max; *n is then unchanged.
 */
int text_number(const char *s, size_t len, unsigned long long max, unsigned long long *n);

#endif
