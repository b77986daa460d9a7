#ifndef SASL_SCRAM_CLIENT_H
#define SASL_SCRAM_CLIENT_H

/* What a client of SCRAM-SHA-256 says and hears: RFC 5802 and 7677. */

#include <stddef.h>

#include <stralloc.h>

#include "lib/scram.h"

#define SCRAM_CLIENT_NONCE 24        /* characters of ours */
#define SCRAM_CLIENT_ITERATIONS 4096 /* fewer give the password away: RFC 7677, 4 */
#define SCRAM_CLIENT_ITERATIONS_MAX 2000000 /* more are a second of ours or two */

/* Zeroed to begin with, used again; scram_client_forget. */
struct scram_client {
	stralloc header; /* gs2-header */
	stralloc bare;   /* client-first-message-bare */
	char nonce[SCRAM_CLIENT_NONCE + 1];
	unsigned char binding[64];
	size_t binding_len;
	struct scram keys;
	unsigned char client_key[SCRAM_KEY];
	unsigned char signature[SCRAM_KEY]; /* what the server is to say in the end */
};

/*
 * Append the first message.  binding: null, or the value of tls-exporter (RFC 9266), of
 * len bytes, to which all is bound.  is_able: without binding, the server is told that
 * we could have bound it.
 */
void scram_client_first(struct scram_client *c, const char *user, const char *nonce,
    const unsigned char *binding, size_t len, int is_able, stralloc *out);

/*
 * The server has said s[0..len): append the second message.  Returns null, or why not: a
 * constant.
 */
const char *scram_client_second(struct scram_client *c, const char *password,
    const char *s, size_t len, stralloc *out);

/* Has the server, which says s[0..len) last, proven that it knows the password? */
int scram_client_is_proven(const struct scram_client *c, const char *s, size_t len);

void scram_client_forget(struct scram_client *c);

#endif
