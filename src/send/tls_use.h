#ifndef SEND_TLS_USE_H
#define SEND_TLS_USE_H

/* What TLS a session uses, as tls-wrap tells it. */

#include <stddef.h>

#include <stralloc.h>

#define TLS_USE_TEXT_MAX 200 /* bytes of tls_use_text */

/* Zeroed: none. */
struct tls_use {
	int is_on;
	int is_resumed;
	char version[16];  /* TLSv1.3 */
	char cipher[64];   /* by IANA's name */
	char group[32];    /* of the key exchange, or "" */
	char verified[16]; /* how: none, pkix, dane, fingerprint */
	char exporter[65]; /* tls-exporter (RFC 9266) in hexadecimal, or "" */
	char sha256[65];   /* of the certificate */
	char names[513];   /* in it, with commas between them */
	char result[32];   /* the word for why there was none at the last try, or "" */
};

/*
 * Learn from the records NAME=VALUE\0 in s[0..len), tls(5).  Returns 1; or 0 when
 * version, cipher or verified are missing, and then there is none.
 */
int tls_use_learn(struct tls_use *use, const char *s, size_t len);

/* There is no TLS any more; result stays. */
void tls_use_end(struct tls_use *use);

/* "TLSv1.3 TLS_AES_256_GCM_SHA384 x25519 verified=none", or "none". */
void tls_use_text(const struct tls_use *use, char text[TLS_USE_TEXT_MAX]);

#endif
