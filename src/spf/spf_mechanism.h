#ifndef SPF_SPF_MECHANISM_H
#define SPF_SPF_MECHANISM_H

/* The mechanisms of SPF: RFC 7208, 5. */

#include "spf/spf_evaluation.h"
#include "spf/spf_record.h"

/* Does the mechanism match the client?  1, 0; -1 with *result. */
int spf_mechanism_matches(struct spf_evaluation *e, const struct spf_record_term *term,
    enum spf_result *result);

#endif
