#ifndef SUBMIT_SUBMIT_HEADER_H
#define SUBMIT_SUBMIT_HEADER_H

/* The header of a message that a program gives: its addresses completed and gathered. */

#include <stddef.h>

#include <stralloc.h>

#define SUBMIT_HEADER_MAX 1048576 /* bytes; more is none */

/*
 * Where in s[0..len), the beginning of a message with LF line ends, or all of it if
 * is_whole, the header ends: at the empty line, or at a line that is no field.  Returns
 * 1 with *end, or 0 when more is needed.
 */
int submit_header_find_end(const char *s, size_t len, int is_whole, size_t *end);

/*
 * Append the header s[0..len) to out, with @domain where an address of a field of
 * originators or recipients (RFC 5322, 3.6.2, 3.6.3, 3.6.6) has none, unless domain is
 * null.  The From field that cron writes for every user gets the address caller, if that
 * is not null.  To recipients, if not null, append the addresses of To, Cc and Bcc, or of
 * the Resent fields if there are some, each ended by \0.  Returns null; or the name of
 * the field of recipients, a constant, that can't be understood.  A field of originators
 * that can't be stays as it is.  Dies with DEFER when memory is short.
 */
const char *submit_header_complete(stralloc *out, const char *s, size_t len,
    const char *domain, const char *caller, stralloc *recipients);

#endif
