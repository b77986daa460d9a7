#ifndef ONWARD_FORWARD_ENVELOPE_H
#define ONWARD_FORWARD_ENVELOPE_H

/* The envelope of a message that is forwarded. */

#include <stralloc.h>

#include "onward/forward.h"

/* Does the mail of the recipient go to several addresses? */
int forward_envelope_is_several(const struct forward *f);

/* Append the envelope for those targets. */
void forward_envelope_put(
    stralloc *envelope, const struct forward *f, const struct forward_part *part);

#endif
