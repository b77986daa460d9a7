#ifndef SEND_DELIVERY_LOG_H
#define SEND_DELIVERY_LOG_H

/* What became of the recipients of a mail, in the log. */

#include "send/transaction.h"

/* Log the outcome of each of them, and what protected the session; id is the message's.
 */
void delivery_log(const char *id, const struct transaction_mail *mail);

#endif
