#ifndef DKIM_KEY_MAKE_H
#define DKIM_KEY_MAKE_H

/* Keys made, and written: for their files and for the DNS. */

#include <stralloc.h>

#include "dkim/private_key.h"

/*
 * Make key, begun by private_key_init, a new one; bits are for RSA.  Returns 0, or -1
 * with errno when there are no random bytes.
 */
int key_make(struct private_key *key, enum key_record_kind kind, unsigned bits);

/* Append it as a PEM file, PKCS #8. */
void key_make_file(stralloc *out, const struct private_key *key);

/* Append the text of its record in the DNS: RFC 6376, 3.6.1. */
void key_make_record(stralloc *out, const struct private_key *key);

#endif
