#ifndef DKIM_PUBLIC_KEY_H
#define DKIM_PUBLIC_KEY_H

/* Signatures verified with a public key: RFC 8017, RFC 8463. */

#include <stddef.h>

#include "dkim/key_record.h"

#define PUBLIC_KEY_BITS_MIN 1024 /* RFC 8301, 3.2 */
#define PUBLIC_KEY_BITS_MAX 8192 /* longer ones cost too much */

/*
 * Is s[0..len) the signature of that hash?  Returns null, or why it is not, a constant
 * text; *is_unusable is set to whether the key is what it lies at.  *bits gets the key's
 * length.
 */
const char *public_key_verify(const struct key_record *record,
    const unsigned char hash[32], const unsigned char *s, size_t len, int *is_unusable,
    unsigned *bits);

#endif
