#ifndef LIB_GZIP_H
#define LIB_GZIP_H

/* Data packed as gzip (RFC 1952) does, and unpacked. */

#include <stddef.h>

#include <stralloc.h>

/* Append s[0..len), packed, to out.  Returns 0, or -1.  Dies with DEFER when memory is
 * short. */
int gzip_pack(stralloc *out, const char *s, size_t len);

/*
 * Append what s[0..len) was packed from: gzip, or deflate (RFC 1951) alone when is_raw is
 * set; what follows its end does not matter.  Returns 0; -1 when it is malformed, or
 * becomes more than max bytes.
 */
int gzip_unpack(stralloc *out, const char *s, size_t len, int is_raw, size_t max);

#endif
