#ifndef SPF_SPF_EXPLAIN_H
#define SPF_SPF_EXPLAIN_H

/* What a domain's owner says of a failure: RFC 7208, 6.2. */

#include "spf/spf_evaluation.h"
#include "spf/spf_record.h"

/* Put what the modifier leads to into the verdict, if anything.  Returns SPF_FAIL, or
 * SPF_PENDING. */
enum spf_result spf_explain(struct spf_evaluation *e, const struct spf_record_term *exp);

#endif
