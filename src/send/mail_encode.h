#ifndef SEND_MAIL_ENCODE_H
#define SEND_MAIL_ENCODE_H

/* A message converted by mime-encode. */

#include "lib/outcome.h"
#include "send/mail_source.h"

/*
 * Make of the message from, which is measured, one without 8-bit text, or, with
 * keeps_eight_bit, one without long lines only.  Returns 0: to is a new file without a
 * name, measured, which the caller closes; or -1 with the outcome: it can't be converted,
 * or not now.
 */
int mail_encode(struct mail_source *to, const struct mail_source *from,
    int keeps_eight_bit, struct outcome *o);

#endif
