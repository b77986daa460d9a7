#ifndef DKIM_SIGNER_H
#define DKIM_SIGNER_H

/* A signature made: RFC 6376, 5. */

#include <time.h>

#include <stralloc.h>

#include "dkim/private_key.h"
#include "dkim/signing_question.h"

/*
 * Append the DKIM-Signature field, with LF line ends, that answers the question with the
 * key of that selector.  Returns 0, or -1, out unchanged, when signing went wrong.
 */
int signer_put_field(stralloc *out, const struct signing_question *question,
    const char *selector, const struct private_key *key, time_t now);

#endif
