#ifndef AUTH_PASSWORD_DIGEST_H
#define AUTH_PASSWORD_DIGEST_H

/* Salted digests as LDAP servers keep them: {SSHA} and its kin. */

#include "lib/password_hash.h"

/*
 * Is password what the text, base64 of a digest of that kind and the salt behind it, was
 * made of?  Returns 1 or 0; 0 for what is malformed, too.
 */
int password_digest_matches(
    enum password_hash_kind kind, const char *text, const char *password);

#endif
