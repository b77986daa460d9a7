#ifndef LIB_UTF8_H
#define LIB_UTF8_H

/* The check of UTF-8: RFC 3629. */

#include <stddef.h>

/* Is s[0..len) sound UTF-8 (RFC 3629), without overlong forms and surrogates? */
int utf8_is_sound(const char *s, size_t len);

/* Are all bytes of s[0..len) ASCII? */
int utf8_is_ascii(const char *s, size_t len);

/*
 * The code point at the beginning of s[0..len), sound UTF-8 and not empty; *taken is how
 * many bytes it has.
 */
unsigned long utf8_first(const char *s, size_t len, size_t *taken);

/*
 * Does \x{HEX}, a code point in ASCII (RFC 6533, 3), begin s[0..len)?  Returns its length
 * and sets *code, at most 10FFFF; or 0.
 */
size_t utf8_embedded(const char *s, size_t len, unsigned long *code);

/* Write the code point c to buf, which holds 4 bytes.  Returns how many were written. */
size_t utf8_put(char *buf, unsigned long c);

#endif
