#ifndef RECEIVE_SMTP_AUTH_H
#define RECEIVE_SMTP_AUTH_H

#include <stddef.h>

#include "receive/smtp_session.h"

/*
 * AUTH (RFC 4954): s[0..len) is what follows it.  When it succeeds AUTHUSER is in the
 * environment, and the policies begin anew to see it.
 */
void smtp_auth_begin(struct smtp_session *session, const char *s, size_t len);

/*
 * The mechanisms that the client may use now, each with a blank before it; empty: none.
 * The C string is valid until the next call.
 */
const char *smtp_auth_mechanisms(const struct smtp_session *session);

/* Who has authenticated, or null. */
const char *smtp_auth_user(void);

/* Can the client authenticate, but not before it has said STARTTLS? */
int smtp_auth_needs_tls(const struct smtp_session *session);

#endif
