#ifndef SEND_TRANSACTION_DATA_H
#define SEND_TRANSACTION_DATA_H

/* The second half of a transaction: the message, and what is said of it. */

#include "send/transaction.h"

/* One transaction: mail, to the open ones among recipients[0..n). */
struct transaction {
	struct remote_session *session;
	struct transaction_mail *mail;
	struct transaction_recipient **recipients;
	size_t n;
	size_t taken;   /* how many of them the server took */
	int is_chunked; /* the message goes by BDAT (RFC 3030) instead of DATA */
	int is_fresh;   /* the first one of its session */
	int is_stale;   /* it was not, and the server has refused something */
	struct remote_reply reply;
	struct outcome *fault;
};

/* remote_session_hear into t->reply and t->fault. */
int transaction_data_hear(struct transaction *t, const char *phase, unsigned seconds);

/*
 * As remote_session_judge of t->reply.  Returns 1; or 0 when it is a refusal for good in
 * a session that is not fresh, as servers make it that take so many messages in each:
 * then o is not set, and t->is_stale is.
 */
int transaction_data_judge(struct transaction *t, struct outcome *o);

/* All open recipients that the server has taken, or has not taken, get the outcome. */
void transaction_data_settle(struct transaction *t, int taken, const struct outcome *o);

/*
 * The second half of a transaction: the server has answered DATA (t->reply), or is to
 * hear BDAT.  Returns 0
 * when the recipients that were taken have got their outcome; -1 with fault and the
 * session closed when they have not, and another server may be tried.
 */
int transaction_data_hand_over(struct transaction *t);

#endif
