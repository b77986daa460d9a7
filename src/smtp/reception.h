#ifndef SMTP_RECEPTION_H
#define SMTP_RECEPTION_H

/* The verb DATA, and a message piped to the sink. */

#include <stddef.h>

#include "smtp/session.h"

/* DATA, which has no argument: take the message and pipe it to the sink. */
void reception_data(struct session *session, const char *argument, size_t len);

/* Is it time for the message?  Null, or the reply that says why not. */
const char *reception_obstacle(const struct session *session);

/*
 * Ask the policies, start the sink.  Returns null, or the reply that refuses the message.
 */
const char *reception_begin(struct session *session);

/*
 * All the data is here: hand over the envelope, and tell the client what came of it.
 */
void reception_conclude(struct session *session);

/* Why the message as far as it is here can't be taken: a reply, or null. */
const char *reception_fault(const struct session *session);

#endif
