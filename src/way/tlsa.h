#ifndef WAY_TLSA_H
#define WAY_TLSA_H

/* What DANE says of a host: RFC 7672. */

#include "way/way_security.h"

/*
 * Put into s what the signed TLSA records of the host ask for: level DANE with the
 * records and the names that the certificate may have, that of the records first; or,
 * when none of them can be used, encryption.  Returns 1; 0 when there are none, and s is
 * as it was; -1 with fault when the DNS does not say.
 */
int tlsa_find(
    struct way_security *s, const struct way_security_question *q, struct outcome *fault);

#endif
