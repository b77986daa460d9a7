#ifndef RECEIVE_SMTP_MAIL_H
#define RECEIVE_SMTP_MAIL_H

#include <stddef.h>

#include "receive/smtp_session.h"

/* MAIL: s[0..len) is what follows it. */
void smtp_mail_begin(struct smtp_session *session, const char *s, size_t len);

/* RCPT: s[0..len) is what follows it. */
void smtp_mail_recipient(struct smtp_session *session, const char *s, size_t len);

#endif
