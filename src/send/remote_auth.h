#ifndef SEND_REMOTE_AUTH_H
#define SEND_REMOTE_AUTH_H

/* AUTH (RFC 4954): saying to a server who we are. */

#include "sasl/sasl_client.h"
#include "send/remote_session.h"

/*
 * Authenticate by the best mechanism that the server offers.  Returns 0; or -1 with
 * fault, never D, and an alert in the log when it will not be better the next time.
 */
int remote_auth(struct remote_session *s, const struct sasl_client_account *account,
    struct outcome *fault);

/* Set fault to why and more, with an alert in the log.  Returns -1. */
int remote_auth_alert(struct remote_session *s, const char *status, const char *why,
    const char *more, struct outcome *fault);

#endif
