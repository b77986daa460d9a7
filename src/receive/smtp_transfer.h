#ifndef RECEIVE_SMTP_TRANSFER_H
#define RECEIVE_SMTP_TRANSFER_H

#include <stddef.h>

#include "receive/smtp_session.h"

/* DATA: take the message and pipe it to the sink. */
void smtp_transfer_data(struct smtp_session *session, const char *argument, size_t len);

#endif
