#include <string.h>

#include <nettle/memops.h>
#include <nettle/nettle-meta.h>
#include <nettle/sha1.h>
#include <nettle/sha2.h>

#include "auth/password_digest.h"
#include "lib/base64.h"

#define TEXT_MAX 256 /* characters of base64 */

static const struct digest {
	enum password_hash_kind kind;
	const struct nettle_hash *hash;
} digests[] = {
    {PASSWORD_HASH_SSHA, &nettle_sha1},
    {PASSWORD_HASH_SSHA256, &nettle_sha256},
    {PASSWORD_HASH_SSHA512, &nettle_sha512},
};

/* The hash of password and salt. */
static void
make(const struct nettle_hash *hash, unsigned char *digest, const char *password,
    const unsigned char *salt, size_t len)
{
	union {
		struct sha1_ctx sha1;
		struct sha256_ctx sha256;
		struct sha512_ctx sha512;
	} context;

	hash->init(&context);
	hash->update(&context, strlen(password), (const unsigned char *)password);
	hash->update(&context, len, salt);
	hash->digest(&context, hash->digest_size, digest);
}

int
password_digest_matches(
    enum password_hash_kind kind, const char *text, const char *password)
{
	unsigned char computed[SHA512_DIGEST_SIZE];
	char bytes[BASE64_DECODED_MAX(TEXT_MAX)];
	const struct digest *digest = digests;
	size_t len = strlen(text), size;
	ssize_t r;

	while (
	    digest < digests + sizeof digests / sizeof *digests && digest->kind != kind)
		digest++;
	if (digest == digests + sizeof digests / sizeof *digests || len > TEXT_MAX)
		return 0;
	size = digest->hash->digest_size;
	r = base64_decode(bytes, text, len);
	if (r < (ssize_t)size)
		return 0;
	make(digest->hash, computed, password, (const unsigned char *)bytes + size,
	    (size_t)r - size);
	return memeql_sec(computed, bytes, size);
}
