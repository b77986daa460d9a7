#ifndef SEND_TRANSACTION_DATA_H
#define SEND_TRANSACTION_DATA_H

#include "send/transaction.h"

/* One transaction: mail, to the open ones among recipients[0..n). */
struct transaction {
	struct remote_session *session;
	struct mail *mail;
	struct recipient **recipients;
	size_t n;
	size_t taken; /* how many of them the server took */
	struct remote_reply reply;
	struct outcome *fault;
};

/* remote_session_hear into t->reply and t->fault. */
int transaction_hear(struct transaction *t, const char *phase, unsigned seconds);

/* All open recipients that the server has taken, or has not taken, get the outcome. */
void transaction_settle(struct transaction *t, int taken, const struct outcome *o);

/*
 * The second half of a transaction: the server has answered DATA (t->reply).  Returns 0
 * when the recipients that were taken have got their outcome; -1 with fault and the
 * session closed when they have not, and another server may be tried.
 */
int transaction_hand_over(struct transaction *t);

#endif
