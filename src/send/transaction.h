#ifndef SEND_TRANSACTION_H
#define SEND_TRANSACTION_H

#include "send/mail_source.h"
#include "send/remote_session.h"

#define TRANSACTION_RECIPIENTS 100 /* every server takes as many: RFC 5321, 4.5.3.1.8 */

struct recipient {
	const char *address;
	const char *notify; /* what the sender wants to hear, RFC 3461; or null */
	const char *orcpt;  /* the address as it first was, RFC 3461; or null */
	struct outcome outcome;
	int taken; /* by the transaction that is under way */
};

/* What all recipients of one message have in common. */
struct mail {
	struct mail_source source;
	const char *sender;
	int is_8bitmime;   /* the envelope says so */
	int is_smtputf8;   /* the envelope says so */
	int requires_tls;  /* RFC 8689 */
	const char *ret;   /* what reports are to hold, RFC 3461; or null */
	const char *envid; /* the sender's mark for it, RFC 3461; or null */
	struct recipient *recipients;
	size_t count;
};

/*
 * Send the mail to those of its recipients whose outcome is open, in as many transactions
 * as it takes.  Returns 0; or -1 with fault set when this server can't be talked to any
 * more: the recipients that are open then may be tried at another one.
 */
int transaction_run(struct remote_session *s, struct mail *mail, struct outcome *fault);

#endif
