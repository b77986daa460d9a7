#ifndef LIB_IDN_H
#define LIB_IDN_H

/* A domain in ASCII, as the DNS wants it: RFC 5890. */

#include <stralloc.h>

/*
 * Append the domain, a C string, with its labels in ASCII (A-labels: RFC 5890, 2.3.2.1)
 * to sa.  An ASCII domain is appended as it is.  Returns 0; -1 when it is not a domain
 * that has this form, sa unchanged.  Dies with DEFER when memory is short.
 */
int idn_put_domain(stralloc *sa, const char *domain);

/* The same for an address, of which the local part must be ASCII. */
int idn_put_address(stralloc *sa, const char *address);

#endif
