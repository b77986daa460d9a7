#ifndef RECEIVE_SMTP_TLS_H
#define RECEIVE_SMTP_TLS_H

#include <stddef.h>

#include "receive/smtp_session.h"

/* STARTTLS (RFC 3207): s[0..len) is what follows it. */
void smtp_tls_start(struct smtp_session *session, const char *s, size_t len);

/* The line of the reply to EHLO, CRLF before it; "" when TLS is not offered. */
const char *smtp_tls_capability(void);

/* Is the client to begin with TLS before it sends mail? */
int smtp_tls_wanted(void);

#endif
