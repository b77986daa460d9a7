#ifndef POLICY_RELAY_MAILBOX_H
#define POLICY_RELAY_MAILBOX_H

/* The question whether a mailbox exists and has room, asked of run/check.sock. */

#include <stddef.h>

#include <stralloc.h>

#include "lib/clients.h"

#define RELAY_MAILBOX_MILLISECONDS                                                       \
	2000 /* for one question, and all that belongs to it                             \
	      */

/* A question under way; zeroed to begin with. */
struct relay_mailbox {
	struct clients_wait wait; /* what its answer waits for */
	int is_granted;           /* by a lease: nobody is asked */
	unsigned long long size;  /* of the message that is asked about */
	unsigned long era;        /* of relay_lease_era, when it was asked */
	int is_reused;            /* the connection has had an answer before */
	stralloc request;
	size_t sent; /* of it */
	stralloc heard;
};

/*
 * Begin to ask: has the local address s[0..len) a mailbox or an alias, with room for size
 * bytes (0: unknown)?  A lease may know (policy/relay_lease); a yes may begin one.
 */
void relay_mailbox_ask(
    struct relay_mailbox *question, const char *s, size_t len, unsigned long long size);

/*
 * Go on with it, without waiting.  Returns 1 when it has been answered, and appends the
 * answer, which is one of policy(5); 0 when it is to be gone on with as question->wait
 * says; -1 with errno when there will be no answer: EPROTO for a senseless one,
 * ETIMEDOUT for none in time.  After such a silence all questions have it at once, for as
 * long again or until one is answered.
 */
int relay_mailbox_go_on(struct relay_mailbox *question, stralloc *answer);

/* Leave it, whether it is under way or not, and free what it holds. */
void relay_mailbox_leave(struct relay_mailbox *question);

#endif
