#ifndef SEND_TRANSACTION_FIT_H
#define SEND_TRANSACTION_FIT_H

#include "send/transaction.h"

/*
 * What can be said without asking the server: the recipients for whom this mail can't be
 * handed to it, by what it offers, get their outcome.
 */
void transaction_fit(const struct remote_session *s, struct mail *mail);

#endif
