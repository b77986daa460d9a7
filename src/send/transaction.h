#ifndef SEND_TRANSACTION_H
#define SEND_TRANSACTION_H

/* A mail handed to a server: MAIL, RCPT, DATA. */

#include "send/mail_source.h"
#include "send/remote_session.h"

#define TRANSACTION_RECIPIENTS 100 /* every server takes as many: RFC 5321, 4.5.3.1.8 */

struct transaction_recipient {
	const char *address;
	const char *notify; /* what the sender wants to hear, RFC 3461; or null */
	const char *orcpt;  /* the address as it first was, RFC 3461; or null */
	struct outcome outcome;
	struct outcome held; /* what a server has said to which there was a next one */
	int may_be_taken;    /* the final reply was lost: no other server is asked */
	int taken;           /* by the transaction that is under way */
	char tls[TLS_USE_TEXT_MAX]; /* of the session in which it was judged, or "" */
};

/* What all recipients of one message have in common. */
struct transaction_mail {
	struct mail_source source;
	struct mail_source converted; /* as mime-encode has made it, if is_converted */
	int is_converted;
	int keeps_eight_bit;            /* what was converted does: only lines were cut */
	const struct mail_source *form; /* the one of both that a server gets */
	const char *sender;
	int is_8bitmime;   /* the envelope says so */
	int is_smtputf8;   /* the envelope says so */
	int requires_tls;  /* RFC 8689 */
	int wishes_tls;    /* REQUIRETLS, where it is offered */
	const char *ret;   /* what reports are to hold, RFC 3461; or null */
	const char *envid; /* the sender's mark for it, RFC 3461; or null */
	struct transaction_recipient *recipients;
	size_t count;
	unsigned recipients_max; /* of one transaction; 0: TRANSACTION_RECIPIENTS */
};

/*
 * Send the mail to those of its recipients whose outcome is open, in as many transactions
 * as it takes.  Returns 0; -1 with fault set when this server can't be talked to any
 * more: the recipients that are open then may be tried at another one; or
 * TRANSACTION_STALE: it has refused something, but this session was not fresh, and what
 * it says in a new one counts; or this session takes no more, and a new one will.
 */
#define TRANSACTION_STALE 1
int transaction_run(
    struct remote_session *s, struct transaction_mail *mail, struct outcome *fault);

#endif
