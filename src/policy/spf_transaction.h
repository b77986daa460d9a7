#ifndef POLICY_SPF_TRANSACTION_H
#define POLICY_SPF_TRANSACTION_H

/* A client's session as spf-check sees it, and what is being found out for it. */

#include <stralloc.h>

#include "lib/clients.h"
#include "policy/policy_request.h"
#include "spf/spf_evaluate.h"
#include "spf/spf_lookups.h"

/* Zeroed to begin with. */
struct spf_transaction {
	int is_begun;
	int has_field; /* for HELO there is one */
	int is_asked;  /* whether the client may relay; may_relay is the answer */
	int may_relay;
	stralloc helo;        /* what the client says it is, a C string */
	stralloc sender;      /* that is looked at: LOCAL@DOMAIN or the name */
	const char *identity; /* "helo" or "mailfrom" */
	int is_mail;          /* it is MAIL that is answered */
	stralloc foreseen; /* "TXT NAME", which MAIL will ask for; a C string, or empty */
	struct spf_question question;
	struct spf_lookups lookups;
	struct spf_verdict verdict;
	struct clients_wait wait; /* while the answer is missing */
};

/*
 * A sender, s[0..len), comes next: when something is asked for HELO, his domain is asked
 * for at once, so that one wait does for both.
 */
void spf_transaction_foresee(struct spf_transaction *t, const char *s, size_t len);

/*
 * Look at HELO's name, or at the sender of MAIL, s[0..len).  With a null sender that is
 * HELO's name, too.
 */
void spf_transaction_begin(struct spf_transaction *t, const struct client *client,
    const char *identity, const char *s, size_t len, const char *receiver);

/*
 * Go on: append the answer, as control/spf wants it.  Returns 1, or 0 when it has to be
 * waited for.
 */
int spf_transaction_go_on(struct spf_transaction *t, stralloc *out);

void spf_transaction_free(struct spf_transaction *t);

#endif
