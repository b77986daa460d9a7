#ifndef SEND_REMOTE_OFFER_H
#define SEND_REMOTE_OFFER_H

/* What a server offers, learned from its reply to EHLO or LHLO. */

#include "send/remote_session.h"

/* Nothing is offered: what an earlier reply said does not count any more. */
void remote_offer_forget(struct remote_session *s);

/*
 * The extensions stand in the lines of reply[0..len), a whole one, after the first.  What
 * is not understood is passed over.
 */
void remote_offer_learn(struct remote_session *s, const char *reply, size_t len);

#endif
