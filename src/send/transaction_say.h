#ifndef SEND_TRANSACTION_SAY_H
#define SEND_TRANSACTION_SAY_H

/* The commands MAIL and RCPT, with what the server offers of parameters. */

#include "send/transaction_data.h"

void transaction_say_mail(struct transaction *t);

void transaction_say_recipient(
    struct transaction *t, const struct transaction_recipient *r);

#endif
