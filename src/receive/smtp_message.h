#ifndef RECEIVE_SMTP_MESSAGE_H
#define RECEIVE_SMTP_MESSAGE_H

#include <stddef.h>

#include "receive/smtp_session.h"

/* DATA: take the message and pipe it to the sink. */
void smtp_message_data(struct smtp_session *session, const char *argument, size_t len);

/* Is it time for the message?  Null, or the reply that says why not. */
const char *smtp_message_obstacle(const struct smtp_session *session);

/*
 * Ask the policies, start the sink.  Returns null, or the reply that refuses the message.
 */
const char *smtp_message_begin(struct smtp_session *session);

/*
 * All the data is here: hand over the envelope, and tell the client what came of it.
 */
void smtp_message_conclude(struct smtp_session *session);

/* Why the message as far as it is here can't be taken: a reply, or null. */
const char *smtp_message_fault(const struct smtp_session *session);

#endif
