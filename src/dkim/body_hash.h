#ifndef DKIM_BODY_HASH_H
#define DKIM_BODY_HASH_H

/* The hash of a body, or of its first octets, in a canonical form: RFC 6376, 3.7. */

#include <stddef.h>

#include <nettle/sha2.h>

#define BODY_HASH_ALL ((unsigned long long)-1)
#define BODY_HASH_LEN 32

struct body_hash {
	struct sha256_ctx context;
	unsigned long long limit;  /* octets that are hashed */
	unsigned long long octets; /* of the body so far, hashed or not */
};

/* Begin one of at most limit octets. */
void body_hash_begin(struct body_hash *hash, unsigned long long limit);

/* The next piece of the body in canonical form. */
void body_hash_put(struct body_hash *hash, const char *s, size_t len);

/* Set digest to the hash of what has been put. */
void body_hash_end(struct body_hash *hash, unsigned char digest[BODY_HASH_LEN]);

#endif
