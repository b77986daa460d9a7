#ifndef SUBMIT_SUBMIT_PARAMETERS_H
#define SUBMIT_SUBMIT_PARAMETERS_H

/* What SMTP is told of the message: BODY, SMTPUTF8, RET, ENVID, NOTIFY. */

#include <stralloc.h>

#include "submit/submit_options.h"

/* Has the sender, or a recipient (each ended by \0), an address that is not ASCII? */
int submit_parameters_need_utf8(const stralloc *sender, const stralloc *recipients);

/*
 * Append the parameters of MAIL and those of RCPT, each with a blank before it, as C
 * strings.  Returns null, or the argument of an option that can't be one.
 */
const char *submit_parameters_put(
    stralloc *mail, stralloc *rcpt, const struct submit_options *options, int is_utf8);

#endif
