#ifndef SMTP_LOOP_H
#define SMTP_LOOP_H

/* Messages that have been delivered before to a recipient of theirs. */

#include "smtp/session.h"

/*
 * Would the message that is here be a loop for a recipient of ours, or for one that an
 * alias of ours leads to, as local-deliver finds it?  Null, or the reply that refuses it.
 */
const char *loop_find(const struct session *session);

#endif
