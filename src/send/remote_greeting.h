#ifndef SEND_REMOTE_GREETING_H
#define SEND_REMOTE_GREETING_H

/* The beginning of a session: greeting, EHLO, what the server offers. */

#include "send/remote_session.h"

/*
 * On a new connection: hear the greeting, say EHLO, or HELO when that is refused, and
 * learn what the server offers.  Returns 0; or -1 with fault set and the connection
 * closed: D in it means that the server wants no mail from us at all.
 */
int remote_greeting(struct remote_session *s, const char *helo, struct outcome *fault);

/*
 * The same without the greeting, once there is TLS: what the server has offered in clear
 * text does not count any more (RFC 3207, 4.2).
 */
int remote_greeting_again(
    struct remote_session *s, const char *helo, struct outcome *fault);

#endif
