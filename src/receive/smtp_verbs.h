#ifndef RECEIVE_SMTP_VERBS_H
#define RECEIVE_SMTP_VERBS_H

#include <stddef.h>

#include "receive/smtp_session.h"

/*
 * Do what the command line s[0..len), "\r" included, says.  session->ending is set when
 * the session is over.
 */
void smtp_verbs_run(struct smtp_session *session, const char *s, size_t len);

/* Answer a line that was over SMTP_LINE_MAX and that began with s[0..len). */
void smtp_verbs_run_long(struct smtp_session *session, const char *s, size_t len);

#endif
