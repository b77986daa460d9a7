#ifndef ORIGIN_REPORT_MAIL_H
#define ORIGIN_REPORT_MAIL_H

/* A report as a message: RFC 9990, 3.5.2. */

#include <stralloc.h>

#include "origin/report_xml.h"

/*
 * Append the message with the report xml on domain, to addresses, each ended by \0; lines
 * end with LF.  unique tells it from others of that day: letters and digits.  Returns 0,
 * or -1 when it can't be packed.  Dies with DEFER when memory is short.
 */
int report_mail_put(stralloc *message, const struct report *report, const char *domain,
    const char *unique, const stralloc *addresses, const stralloc *xml);

#endif
