#ifndef WAY_NEVER_TO_H
#define WAY_NEVER_TO_H

/* Networks to which the MX records of strangers lead no mail: control/neverto. */

#include <stralloc.h>

/*
 * Read control/neverto into rules, as never_to_has wants it; loopback, link-local,
 * private, documentation and unusable networks when there is no such file.  Returns 0, or
 * -1 with errno, EINVAL for a malformed line.
 */
int never_to_read(stralloc *rules);

/* Does ip (IPv4 as ::ffff:a.b.c.d) lie in one of these networks? */
int never_to_has(const stralloc *rules, const unsigned char ip[16]);

#endif
