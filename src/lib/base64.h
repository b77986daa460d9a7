#ifndef LIB_BASE64_H
#define LIB_BASE64_H

/* Base64 (RFC 4648, 4), strictly. */

#include <stddef.h>
#include <sys/types.h>

#include <stralloc.h>

#define BASE64_DECODED_MAX(len) ((len) / 4 * 3) /* bytes that len characters become */

/*
 * Decode s[0..len), RFC 4648, 4, to out, which has room for BASE64_DECODED_MAX(len)
 * bytes.  Strict, as RFC 4954 and 5802 want it: no white space, full padding, no bits
 * set that say nothing.  Returns the bytes written, or -1 when it is malformed.
 */
ssize_t base64_decode(char *out, const char *s, size_t len);

/* Is c one of the 64 that stand for bits? */
int base64_is_digit(char c);

/* Append s[0..len) in base64, with padding; dies with DEFER when memory is short. */
void base64_put(stralloc *sa, const char *s, size_t len);

#endif
