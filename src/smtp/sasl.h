#ifndef SMTP_SASL_H
#define SMTP_SASL_H

/* The dialogue of AUTH, and its mechanisms that send a password. */

#include <stddef.h>

#include <stralloc.h>

#include "smtp/auth_socket.h"
#include "smtp/session.h"

/* An AUTH under way. */
struct sasl {
	struct session *session;
	const char *mechanism; /* as it is listed */
	struct auth_socket socket;
	int has_message;
	stralloc message; /* the client's last one, decoded; a \0 follows it */
};

/* Decode what the client sent.  Returns 1, or 0 after having complained. */
int sasl_message(struct sasl *d, const char *s, size_t len);

/*
 * Send the challenge s[0..len) and wait for what the client says to it.  Returns 1, or 0
 * when the dialogue is over, with its reply given.
 */
int sasl_challenge(struct sasl *d, const char *s, size_t len);

/* Ask run/auth.sock, as auth_socket_ask, and forget the request. */
char sasl_ask(struct sasl *d, stralloc *request);

/* The client is who auth.sock has answered: tell it. */
void sasl_succeed(struct sasl *d);

/* It is not ('D'), or that is not known; user may be null. */
void sasl_fail(struct sasl *d, char letter, const char *user);

/*
 * Lead the dialogue of a mechanism to its end: RFC 4616 (PLAIN); LOGIN is nowhere
 * defined.  The client has its reply.
 */
void sasl_plain(struct sasl *d);
void sasl_login(struct sasl *d);

/* Hang up, and forget what the client said. */
void sasl_end(struct sasl *d);

#endif
