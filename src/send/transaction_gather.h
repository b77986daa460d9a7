#ifndef SEND_TRANSACTION_GATHER_H
#define SEND_TRANSACTION_GATHER_H

/* Who goes into the next transaction, by our limits and the server's. */

#include "send/transaction_data.h"

/*
 * Gather the next open recipients into t->recipients, which has room for all of the mail.
 * Returns 1; 0 when there is none; or -1 when there are some, and the session takes no
 * more of such.
 */
int transaction_gather(struct transaction *t);

#endif
