#ifndef LIB_LOWER_H
#define LIB_LOWER_H

/* Letters of ASCII in lower case, whatever the locale is. */

#include <stddef.h>

/* c, in lower case if it is one of A to Z. */
char lower_char(char c);

/* Make s[0..len) lower case. */
void lower_bytes(char *s, size_t len);

/* The same for a C string. */
void lower_string(char *s);

#endif
