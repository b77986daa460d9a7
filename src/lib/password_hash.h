#ifndef LIB_PASSWORD_HASH_H
#define LIB_PASSWORD_HASH_H

/* What stands in the place of a password's hash: its kinds, as other systems write them.
 */

#include <stddef.h>

enum password_hash_kind {
	PASSWORD_HASH_CLOSED,   /* none, as of a closed account */
	PASSWORD_HASH_UNUSABLE, /* one that nobody here can verify */
	PASSWORD_HASH_CRYPT,    /* of crypt(3) */
	PASSWORD_HASH_PLAIN,    /* the password itself */
	PASSWORD_HASH_SSHA,     /* base64 of a digest and the salt behind it */
	PASSWORD_HASH_SSHA256,
	PASSWORD_HASH_SSHA512
};

/*
 * The kind of s[0..len), a hash or {SCHEME} and a hash, with *text set to where the hash
 * begins in it.  A `!` or `*` at the beginning closes the account, before a scheme and
 * after it.
 */
enum password_hash_kind password_hash_kind(const char *s, size_t len, size_t *text);

/* Can a password be right for one of that kind? */
int password_hash_is_usable(enum password_hash_kind kind);

#endif
