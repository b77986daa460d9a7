#ifndef SMTP_AUTH_H
#define SMTP_AUTH_H

/* The verb AUTH: RFC 4954. */

#include <stddef.h>

#include "smtp/session.h"

/*
 * AUTH (RFC 4954): s[0..len) is what follows it.  When it succeeds AUTHUSER is in the
 * environment, and the policies begin anew to see it.
 */
void auth_begin(struct session *session, const char *s, size_t len);

/*
 * The mechanisms that the client may use now, each with a blank before it; empty: none.
 * The C string is valid until the next call.
 */
const char *auth_mechanisms(const struct session *session);

/* Who has authenticated, or null. */
const char *auth_user(void);

/* Can the client authenticate, but not before it has said STARTTLS? */
int auth_needs_tls(const struct session *session);

#endif
