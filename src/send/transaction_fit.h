#ifndef SEND_TRANSACTION_FIT_H
#define SEND_TRANSACTION_FIT_H

/* Recipients for whom a server lacks what the mail needs. */

#include "send/transaction.h"

/*
 * What can be said without asking the server: the recipients for whom this mail can't be
 * handed to it, by what it offers, get their outcome.  For the others mail->form is what
 * it gets: the message, or one that was made of it for servers that take no 8-bit text.
 */
void transaction_fit(const struct remote_session *s, struct transaction_mail *mail);

/* No server gets this mail any more: what was made of it is given back. */
void transaction_fit_end(struct transaction_mail *mail);

#endif
