#ifndef REPORT_UTF8_ADDRESS_H
#define REPORT_UTF8_ADDRESS_H

/* Addresses of type utf-8, in ASCII and back: RFC 6533, 3. */

#include <stddef.h>

#include <stralloc.h>

/*
 * The ASCII form of an address of type utf-8, RFC 6533, 3: what is not plain is written
 * as \x{...}, the number of its code point in hexadecimal digits.
 */

/* Append s[0..len), sound UTF-8, in that form; of what is over max bytes then, the first
 * part.  Dies with DEFER when memory is short. */
void utf8_address_encode(stralloc *sa, const char *s, size_t len, size_t max);

/*
 * Append what s[0..len) means, which is in that form or, all or parts of it, UTF-8 as it
 * is.  Returns 1; 0 when it is neither or holds a control character, and sa is as it was.
 * Dies with DEFER when memory is short.
 */
int utf8_address_decode(stralloc *sa, const char *s, size_t len);

#endif
