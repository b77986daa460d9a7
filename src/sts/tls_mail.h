#ifndef STS_TLS_MAIL_H
#define STS_TLS_MAIL_H

/* A report as a message: RFC 8460, 5.3. */

#include <stralloc.h>

#include "sts/tls_json.h"

/*
 * Append the message with the report packed[0..len), which gzip has made, on domain, to
 * the places that are addresses; lines end with LF.  Returns how many those are.  Dies
 * with DEFER when memory is short.
 */
size_t tls_mail_put(stralloc *message, const struct tls_json *report, const char *domain,
    const stralloc *places, const stralloc *packed);

/* Is the place an address?  It, or null. */
const char *tls_mail_address(const char *place);

#endif
