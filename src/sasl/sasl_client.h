#ifndef SASL_SASL_CLIENT_H
#define SASL_SASL_CLIENT_H

/* The mechanisms by which we say who we are to a server. */

#include <stddef.h>

#include <stralloc.h>

#include "sasl/scram_client.h"

/* What is to be said, and where.  The strings are the caller's. */
struct sasl_client_account {
	const char *user;
	const char *secret; /* a password, or a token */
	int is_token;
	const char *host; /* the server's name, for OAUTHBEARER */
	unsigned port;
	const unsigned char *binding; /* of the TLS session, 32 bytes, or null */
};

/* Zeroed to begin with, used again; sasl_client_forget. */
struct sasl_client {
	const struct sasl_client_account *account;
	size_t mechanism;
	unsigned tried; /* a bit for each mechanism that the server did not want */
	unsigned step;
	int is_proven; /* the server has shown what it must */
	struct scram_client scram;
};

/*
 * Choose the best mechanism that stands in offered, each with a blank before it, fits the
 * account, and was not tried.  Returns its name, or null.
 */
const char *sasl_client_choose(
    struct sasl_client *c, const struct sasl_client_account *a, const char *offered);

/* Append what is said with AUTH.  Returns 1; 0 when the server is to ask first; -1 with
 * errno. */
int sasl_client_begin(struct sasl_client *c, stralloc *out);

/*
 * The server has said s[0..len): append what we say to it.  Returns null; or why we say
 * no more, a constant.
 */
const char *sasl_client_answer(
    struct sasl_client *c, const char *s, size_t len, stralloc *out);

void sasl_client_forget(struct sasl_client *c);

#endif
