#ifndef LIB_DOMAIN_FORM_H
#define LIB_DOMAIN_FORM_H

/* The other form of an internationalised domain: RFC 5890. */

#include <stddef.h>

#include <stralloc.h>

/*
 * Append the other form of the domain s[0..len), in lower case, to sa: the one with
 * A-labels when it has labels in UTF-8, else the one with U-labels when it has A-labels
 * (RFC 5890, 2.3.2.1).  Returns 1; 0, sa unchanged, when it has no other form.  Only
 * spells labels: what case and normal form they are in is the writer's business.  Dies
 * with DEFER when memory is short.
 */
int domain_form_other(stralloc *sa, const char *s, size_t len);

#endif
