#ifndef LIB_SCRAM_KEYS_H
#define LIB_SCRAM_KEYS_H

#include <stddef.h>

#include <stralloc.h>

#define SCRAM_KEY 32           /* bytes of SHA-256 */
#define SCRAM_SALT 16          /* bytes of the salts that we make */
#define SCRAM_SALT_MAX 64      /* and of those that we take from elsewhere */
#define SCRAM_ITERATIONS 15000 /* RFC 7677 wants 4096 at least */
#define SCRAM_ITERATIONS_MAX 10000000

/* What is kept of a password for SCRAM-SHA-256: RFC 5802, 3 and 7677. */
struct scram {
	unsigned long iterations;
	size_t salt_len;
	unsigned char salt[SCRAM_SALT_MAX];
	unsigned char stored[SCRAM_KEY]; /* StoredKey */
	unsigned char server[SCRAM_KEY]; /* ServerKey */
};

/* Append it as SCRAM-SHA-256$ITERATIONS:SALT$STORED:SERVER, RFC 5803's form. */
void scram_keys_put(stralloc *sa, const struct scram *scram);

/* Parse that form.  Returns 1, or 0 when it is malformed. */
int scram_keys_scan(struct scram *scram, const char *s, size_t len);

#endif
