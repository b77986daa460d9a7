#ifndef AUTH_UPGRADE_H
#define AUTH_UPGRADE_H

/* Passwords that are kept in a newer form, once somebody has said them. */

#include <stddef.h>

/*
 * The password of the address key is right, and this is its hash: where
 * control/upgradehashes says so, and the hash is not yescrypt or there are no keys for
 * SCRAM beside it, let mail-user keep it anew.  Nobody waits for that; one is done at a
 * time, and what is left out is done at the next login.
 */
void upgrade_consider(const char *key, const char *hash, const char *password);

#endif
