#ifndef SMTP_VERBS_H
#define SMTP_VERBS_H

/* The verbs of SMTP, each with what does it. */

#include <stddef.h>

#include "smtp/session.h"

/*
 * Do what the command line s[0..len), "\r" included, says.  session->ending is set when
 * the session is over.
 */
void verbs_run(struct session *session, const char *s, size_t len);

/* Answer a line that was over WIRE_LINE_MAX and that began with s[0..len). */
void verbs_run_long(struct session *session, const char *s, size_t len);

#endif
