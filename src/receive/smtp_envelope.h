#ifndef RECEIVE_SMTP_ENVELOPE_H
#define RECEIVE_SMTP_ENVELOPE_H

#include <stralloc.h>

#include "receive/smtp_parameters.h"

/*
 * Begin the envelope with what the client wants of all servers on the way: sink(5).  Dies
 * with DEFER when memory is short.
 */
void smtp_envelope_begin(
    stralloc *envelope, const char *sender, const struct smtp_mail_parameters *m);

/* Add the recipient, with what the client wants to hear of it. */
void smtp_envelope_add(
    stralloc *envelope, const char *recipient, const struct smtp_rcpt_parameters *r);

#endif
