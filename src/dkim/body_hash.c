#include "dkim/body_hash.h"

void
body_hash_begin(struct body_hash *hash, unsigned long long limit)
{
	sha256_init(&hash->context);
	hash->limit = limit;
	hash->octets = 0;
}

void
body_hash_put(struct body_hash *hash, const char *s, size_t len)
{
	unsigned long long left = 0;

	if (hash->octets < hash->limit)
		left = hash->limit - hash->octets;
	hash->octets += len;
	sha256_update(
	    &hash->context, len < left ? len : (size_t)left, (const uint8_t *)s);
}

void
body_hash_end(struct body_hash *hash, unsigned char digest[BODY_HASH_LEN])
{
	sha256_digest(&hash->context, BODY_HASH_LEN, digest);
}
