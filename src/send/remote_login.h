#ifndef SEND_REMOTE_LOGIN_H
#define SEND_REMOTE_LOGIN_H

/* Passwords of control/smtppasswords, said to the servers that they are for only. */

#include "send/remote_session.h"

/* How sure it is who hears it. */
struct remote_login {
	unsigned port;
	int is_encrypted;
	int is_verified;     /* the server is who it should be */
	const char *binding; /* tls-exporter in hexadecimal digits; or null */
};

/*
 * Authenticate to the server if there is a password for s->host and the port.  Returns 0;
 * or -1 with fault, which is never D: the session is of no use then.
 */
int remote_login(
    struct remote_session *s, const struct remote_login *l, struct outcome *fault);

#endif
