#ifndef ORIGIN_REPORT_MAIL_H
#define ORIGIN_REPORT_MAIL_H

/* A report as a message: RFC 9990, 3.5.2. */

#include <stralloc.h>

#include "origin/report_address.h"
#include "origin/report_xml.h"

/*
 * Append the report xml as it is in the message: gzipped, in lines of base64 that end
 * with LF.  Returns 0, or -1 when it can't be packed.  Dies with DEFER when memory is
 * short.
 */
int report_mail_pack(stralloc *packed, const stralloc *xml);

/* Append the message with packed, on domain, to addresses; the same. */
void report_mail_put(stralloc *message, const struct report *report, const char *domain,
    const struct report_addresses *addresses, const stralloc *packed);

#endif
