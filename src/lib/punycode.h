#ifndef LIB_PUNYCODE_H
#define LIB_PUNYCODE_H

/* Labels in Punycode: RFC 3492. */

#include <stddef.h>
#include <sys/types.h>

#define PUNYCODE_MAX 63 /* characters of a label, and bytes of its ASCII form */

/*
 * Encode the label s[0..len), sound UTF-8, by RFC 3492, without "xn--" before it, to out,
 * which holds PUNYCODE_MAX bytes.  Returns the bytes written; -1 when it is too long.
 */
ssize_t punycode_encode(char *out, const char *s, size_t len);

/*
 * Decode s[0..len), without "xn--", to UTF-8 in out, which holds 4 * PUNYCODE_MAX bytes.
 * Returns the bytes written; -1 when it is malformed.
 */
ssize_t punycode_decode(char *out, const char *s, size_t len);

#endif
