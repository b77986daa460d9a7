#ifndef DKIM_ZONE_RECORD_H
#define DKIM_ZONE_RECORD_H

/* The record of a key as a zone file has it: RFC 1035, 5. */

#include <stralloc.h>

#include "dkim/private_key.h"

#define ZONE_RECORD_STRING 255 /* bytes of a string of a TXT record */

/* Append it, in lines; it ends with one. */
void zone_record_put(stralloc *out, const char *domain, const char *selector,
    const struct private_key *key);

#endif
