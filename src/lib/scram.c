#include <string.h>

#include <nettle/hmac.h>
#include <nettle/memops.h>
#include <nettle/pbkdf2.h>
#include <nettle/sha2.h>

#include "lib/scram.h"

static void
hmac(unsigned char *out, const void *key, size_t key_len, const void *s, size_t len)
{
	struct hmac_sha256_ctx context;

	hmac_sha256_set_key(&context, key_len, key);
	hmac_sha256_update(&context, len, s);
	hmac_sha256_digest(&context, SCRAM_KEY, out);
	explicit_bzero(&context, sizeof context);
}

static void
hash(unsigned char *out, const unsigned char *s, size_t len)
{
	struct sha256_ctx context;

	sha256_init(&context);
	sha256_update(&context, len, s);
	sha256_digest(&context, SCRAM_KEY, out);
	explicit_bzero(&context, sizeof context);
}

void
scram_make_client(
    struct scram *scram, unsigned char *client, const char *password, size_t len)
{
	unsigned char salted[SCRAM_KEY];

	pbkdf2_hmac_sha256(len, (const uint8_t *)password, (unsigned)scram->iterations,
	    scram->salt_len, scram->salt, sizeof salted, salted);
	hmac(client, salted, sizeof salted, "Client Key", 10);
	hash(scram->stored, client, SCRAM_KEY);
	hmac(scram->server, salted, sizeof salted, "Server Key", 10);
	explicit_bzero(salted, sizeof salted);
}

void
scram_make(struct scram *scram, const char *password, size_t len)
{
	unsigned char client[SCRAM_KEY];

	scram_make_client(scram, client, password, len);
	explicit_bzero(client, sizeof client);
}

void
scram_prove(const struct scram *scram, const unsigned char *client, unsigned char *proof,
    const char *s, size_t len)
{
	size_t i;

	hmac(proof, scram->stored, SCRAM_KEY, s, len);
	for (i = 0; i < SCRAM_KEY; i++)
		proof[i] ^= client[i];
}

int
scram_proves(
    const struct scram *scram, const unsigned char *proof, const char *s, size_t len)
{
	unsigned char signature[SCRAM_KEY], key[SCRAM_KEY];
	size_t i;

	hmac(signature, scram->stored, SCRAM_KEY, s, len);
	for (i = 0; i < SCRAM_KEY; i++)
		signature[i] ^= proof[i];
	hash(key, signature, SCRAM_KEY);
	explicit_bzero(signature, sizeof signature);
	return memeql_sec(key, scram->stored, SCRAM_KEY);
}

void
scram_sign(const struct scram *scram, unsigned char *signature, const char *s, size_t len)
{
	hmac(signature, scram->server, SCRAM_KEY, s, len);
}

void
scram_pretend(struct scram *scram, const char *secret, size_t secret_len,
    const char *name, size_t len)
{
	unsigned char bytes[SCRAM_KEY];

	hmac(bytes, secret, secret_len, name, len);
	memcpy(scram->salt, bytes, SCRAM_SALT);
	scram->salt_len = SCRAM_SALT;
	scram->iterations = SCRAM_ITERATIONS;
	/* Keys of no password: what hashes to them is not known to anybody. */
	hmac(scram->stored, bytes, sizeof bytes, "stored", 6);
	hmac(scram->server, bytes, sizeof bytes, "server", 6);
}
