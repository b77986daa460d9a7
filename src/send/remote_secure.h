#ifndef SEND_REMOTE_SECURE_H
#define SEND_REMOTE_SECURE_H

/* The beginning of a session under the TLS that is wanted. */

#include "send/remote_session.h"
#include "way/way_security.h"

/* What is still tried. */
enum remote_secure_mode {
	REMOTE_SECURE_TRIAL, /* a judgement that nothing asks for yet, if there is one */
	REMOTE_SECURE_TLS,   /* TLS as it is wanted */
	REMOTE_SECURE_CLEAR, /* clear text, for it may be that */
};

struct remote_secure {
	const struct way_security *security; /* null: no TLS */
	int is_smtps;                        /* TLS from the first byte */
	const char *helo;
	enum remote_secure_mode mode; /* REMOTE_SECURE_TRIAL to begin with */
};

/*
 * Begin the session on a new connection: greeting, EHLO, STARTTLS where it is offered and
 * wanted, EHLO again.  Returns 0; -1 with fault and the session closed; or
 * REMOTE_SECURE_AGAIN, the session closed: the same is to be done with a new connection
 * to the same address, with how as it is then.
 */
#define REMOTE_SECURE_AGAIN 1
int remote_secure_begin(
    struct remote_session *s, struct remote_secure *how, struct outcome *fault);

#endif
