#ifndef AUTH_SCRAM_EXCHANGE_H
#define AUTH_SCRAM_EXCHANGE_H

#include <stddef.h>

#include <stralloc.h>

#include "lib/scram.h"

/* An exchange of SCRAM-SHA-256 (RFC 5802, 7677), the server's side; zeroed to begin with.
 */
struct scram_exchange {
	int under_way;
	int known;         /* the name has keys, which follow */
	struct scram keys; /* else those that scram_pretend made */
	stralloc name;     /* as the client gave it, a C string */
	stralloc client;   /* its address, a C string, maybe empty */
	stralloc nonce;    /* the client's and ours */
	stralloc channel;  /* what the client must say of the channel */
	stralloc message;  /* the AuthMessage so far */
};

/* Where the message was kept of what began an exchange, as on auth.sock: auth(5). */
struct scram_question {
	const char *mechanism;
	const char *client;
	const char *binding; /* hexadecimal: the tls-exporter, or empty */
	const char *message;
};

/*
 * Take apart what s[0..len) asks: \0MECHANISM\0CLIENT\0BINDING\0MESSAGE\0.  Returns 1,
 * or 0.
 */
int scram_exchange_question_parse(
    struct scram_question *question, const char *s, size_t len);

/*
 * Begin an exchange by the client-first-message.  Returns null, or why not.  The keys are
 * still to be set: those of x->name.
 */
const char *scram_exchange_begin(
    struct scram_exchange *x, const struct scram_question *question);

/*
 * Now that the keys are set: append the server-first-message to reply.  Returns 0, or -1
 * with errno.
 */
int scram_exchange_challenge(struct scram_exchange *x, stralloc *reply);

/*
 * Judge the client-final-message s[0..len): null, with the server-final-message
 * appended to reply; or why the client has not proved to know the password.
 */
const char *scram_exchange_finish(
    struct scram_exchange *x, const char *s, size_t len, stralloc *reply);

#endif
