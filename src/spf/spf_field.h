#ifndef SPF_SPF_FIELD_H
#define SPF_SPF_FIELD_H

/* The Received-SPF field: RFC 7208, 9.1. */

#include <stralloc.h>

#include "spf/spf_evaluate.h"

#define SPF_FIELD_MAX                                                                    \
	560 /* bytes: it is to fit in an answer of a policy, with results                \
	     */

/*
 * Append the field for a verdict, without "\n": identity is "mailfrom" or "helo".  What
 * would make it too long is left out.
 */
void spf_field_put(stralloc *sa, const struct spf_question *question,
    const struct spf_verdict *verdict, const char *identity);

#endif
