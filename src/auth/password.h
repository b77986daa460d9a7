#ifndef AUTH_PASSWORD_H
#define AUTH_PASSWORD_H

/* The comparison of a password with its hash, in the same time for everybody. */

#include <stddef.h>

#include <stralloc.h>

#include "lib/scram.h"

#define PASSWORD_CDB "users/passwords.cdb"
#define PASSWORD_SECRET "users/secret"

/*
 * Look up the hash of the address key[0..len) in users/passwords.cdb.  Returns 1; 0 when
 * there is none, and hash is then that of somebody else (or a fixed one), so that a
 * comparison with it takes as long; -1 with errno when the file is missing or damaged.
 * Dies with DEFER when memory is short.
 */
int password_find(const char *key, size_t len, stralloc *hash);

/*
 * Is password what the hash, of a kind of lib/password_hash, was made of?  Returns 1 or
 * 0; -1 when there is no memory to find out.  Takes as long when it is not, or when hash
 * is no hash at all (a closed account).
 */
int password_matches(const char *hash, const char *password);

/*
 * Look up the SCRAM keys of the address key[0..len) there.  Returns 1; 0 when there are
 * none, or no usable hash beside them, and keys are then some that nobody can tell from
 * true ones; -1 with errno.
 */
int password_keys(const char *key, size_t len, struct scram *keys);

#endif
