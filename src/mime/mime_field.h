#ifndef MIME_MIME_FIELD_H
#define MIME_MIME_FIELD_H

/* A header field that holds raw 8-bit text, written in ASCII: RFC 2047, RFC 2231. */

#include <stralloc.h>

#include "mime/mime_header.h"

#define MIME_FIELD_MAX 65536 /* bytes of a field: a longer one is not looked into */

/*
 * Append the field in ASCII, so that a reader sees the same: text, comments and the names
 * of people in encoded words, a parameter's value as RFC 2231 has it.  New lines end with
 * eol.  Returns 0; or -1 where that can't be done, as in an address: out is to be
 * forgotten then.
 */
int mime_field_put(stralloc *out, const struct mime_header_field *f, const char *eol);

#endif
