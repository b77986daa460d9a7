#ifndef DKIM_KEY_RECORD_H
#define DKIM_KEY_RECORD_H

/* The public key of a signer, as its TXT record in the DNS has it: RFC 6376, 3.6.1. */

#include <stddef.h>

#define KEY_RECORD_BYTES_MAX 2048 /* of p=; RSA with 8192 bits has 1058 */

enum key_record_kind { KEY_RECORD_RSA, KEY_RECORD_ED25519 };

struct key_record {
	enum key_record_kind kind;
	int is_testing; /* t=y: the domain is trying it out */
	int is_strict;  /* t=s: i= must be of d=, of none below */
	size_t len;
	unsigned char bytes[KEY_RECORD_BYTES_MAX]; /* p=, decoded */
};

/*
 * Parse s[0..len), the text of a record.  Returns null when it is a key with which
 * messages may be signed by way of SHA-256; else what is wrong, a constant text.
 */
const char *key_record_parse(struct key_record *record, const char *s, size_t len);

#endif
