#ifndef SMTP_MAIL_H
#define SMTP_MAIL_H

/* The verb MAIL. */

#include <stddef.h>

#include "smtp/session.h"

/* MAIL: s[0..len) is what follows it. */
void mail_begin(struct session *session, const char *s, size_t len);

/* RCPT: s[0..len) is what follows it. */
void mail_recipient(struct session *session, const char *s, size_t len);

#endif
