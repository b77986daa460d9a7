#ifndef SPF_SPF_NOW_H
#define SPF_SPF_NOW_H

/* SPF evaluated, with the DNS waited for. */

#include "spf/spf_evaluate.h"

/*
 * As spf_evaluate, asking dns-serve, whatever the question's lookup is.  Takes no longer
 * than SPF_LOOKUPS_SECONDS.
 */
void spf_now_evaluate(const struct spf_question *question, struct spf_verdict *verdict);

#endif
