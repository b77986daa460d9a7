#ifndef DKIM_PRIVATE_KEY_H
#define DKIM_PRIVATE_KEY_H

/* The keys with which we sign: RFC 8017, RFC 8463. */

#include <stddef.h>

#include <nettle/rsa.h>
#include <stralloc.h>

#include "dkim/key_record.h"

#define PRIVATE_KEY_FILE_MAX 16384 /* bytes of its file; RSA with 8192 bits has 6400 */
#define PRIVATE_KEY_BYTES_MAX 1024 /* of a signature */

struct private_key {
	enum key_record_kind kind;
	struct rsa_public_key rsa_public;
	struct rsa_private_key rsa;
	unsigned char seed[32], ed25519_public[32];
};

/* Begin one that is none yet, for the functions that follow. */
void private_key_init(struct private_key *key);

/*
 * Read it from the PEM file s[0..len): PKCS #8 (RFC 5958), or for RSA PKCS #1.  Returns
 * null, or what is wrong, a constant text.
 */
const char *private_key_read(struct private_key *key, const char *s, size_t len);

/*
 * Sign the hash to out, which holds PRIVATE_KEY_BYTES_MAX bytes.  Returns the length, or
 * 0 when it went wrong: nothing is told then.
 */
size_t private_key_sign(
    const struct private_key *key, const unsigned char hash[32], unsigned char *out);

/* How many bits it has. */
unsigned private_key_bits(const struct private_key *key);

/* Forget it, and what was in memory of it. */
void private_key_free(struct private_key *key);

#endif
