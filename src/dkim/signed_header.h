#ifndef DKIM_SIGNED_HEADER_H
#define DKIM_SIGNED_HEADER_H

/* The hash of the header that a signature signs: RFC 6376, 3.7 and 5.4.2. */

#include "dkim/fields.h"
#include "dkim/signature.h"

/* Set hash to that of the signature, whose own field is the one at. */
void signed_header_hash(unsigned char hash[SIGNATURE_HASH], const struct fields *fields,
    const struct signature *signature, size_t at);

#endif
