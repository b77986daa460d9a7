#ifndef SMTP_TLS_H
#define SMTP_TLS_H

/* TLS, by the verb STARTTLS (RFC 3207) or from the start (RFC 8314). */

#include <stddef.h>

#include "smtp/session.h"

/* STARTTLS, which has no argument. */
void tls_start(struct session *session, const char *s, size_t len);

/*
 * Begin it before anything is said.  Returns 0, or -1 after having logged why not; there
 * is then nothing that the client would understand.
 */
int tls_first(void);

#endif
