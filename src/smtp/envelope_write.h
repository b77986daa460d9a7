#ifndef SMTP_ENVELOPE_WRITE_H
#define SMTP_ENVELOPE_WRITE_H

/* The envelope of a message, written for the sink. */

#include <stralloc.h>

#include "smtp/parameters.h"

/*
 * Begin the envelope with what the client wants of all servers on the way: sink(5).  Dies
 * with DEFER when memory is short.
 */
void envelope_write_begin(
    stralloc *envelope, const char *sender, const struct parameters_mail *m);

/* Add the recipient, with what the client wants to hear of it. */
void envelope_write_add(
    stralloc *envelope, const char *recipient, const struct parameters_rcpt *r);

#endif
