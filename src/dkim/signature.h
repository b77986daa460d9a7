#ifndef DKIM_SIGNATURE_H
#define DKIM_SIGNATURE_H

/* A DKIM-Signature field taken apart: RFC 6376, 3.5. */

#include <stddef.h>

#include "dkim/canon.h"

#define SIGNATURE_DOMAIN_MAX 253   /* RFC 1035, 2.3.4, as text */
#define SIGNATURE_IDENTITY_MAX 512 /* bytes of i=, decoded */
#define SIGNATURE_BYTES_MAX 1024   /* of b=: RSA with 8192 bits */
#define SIGNATURE_NAMES_MAX 256    /* names in h= */
#define SIGNATURE_HASH 32          /* SHA-256 */

enum signature_algorithm {
	SIGNATURE_RSA_SHA256,
	SIGNATURE_ED25519_SHA256,
	SIGNATURE_RSA_SHA1, /* not accepted any more: RFC 8301, 3.1 */
	SIGNATURE_UNKNOWN
};

/* What is not C strings points into the field. */
struct signature {
	enum signature_algorithm algorithm;
	enum canon header, body;
	char domain[SIGNATURE_DOMAIN_MAX + 1];   /* d=, with A-labels, in lower case */
	char selector[SIGNATURE_DOMAIN_MAX + 1]; /* s=, the same */
	char identity[SIGNATURE_IDENTITY_MAX + 1];
	int is_identity_below; /* its domain is not d= but one below */
	unsigned char body_hash[SIGNATURE_HASH];
	size_t len; /* of bytes */
	unsigned char bytes[SIGNATURE_BYTES_MAX];
	const char *begin, *end; /* the value of b=, which is not signed */
	const char *names;       /* h= */
	size_t names_len;
	int has_limit, has_time, has_expiry;
	unsigned long long limit;  /* l=, octets of the body that are signed */
	unsigned long long time;   /* t= */
	unsigned long long expiry; /* x= */
};

/* The value of a=, and its parse. */
const char *signature_algorithm_name(enum signature_algorithm algorithm);

/*
 * Parse the field's value s[0..len).  Returns null, or what is wrong with it, a constant
 * text; domain and selector are set even then, as far as they were understood.
 */
const char *signature_parse(struct signature *signature, const char *s, size_t len);

/*
 * Make out, which holds SIGNATURE_DOMAIN_MAX + 1 bytes, the domain s[0..len) in the form
 * that the DNS has: A-labels, in lower case.  Returns 1, or 0 when it is none; one that
 * is holds no slash, nor does it begin with a dot.
 */
int signature_take_domain(char *out, const char *s, size_t len);

/* Is domain the parent, or one of the same name?  Both in lower case. */
int signature_is_below(const char *domain, const char *parent);

#endif
