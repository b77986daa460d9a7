#ifndef MILTER_MILTER_POLICY_H
#define MILTER_MILTER_POLICY_H

/* A milter asked as a policy: policy(5). */

#include "milter/milter_talk.h"

/*
 * Answer the requests on descriptor 0 until there are no more, by the milter at address.
 * When it can't be asked the answer is "not now", or yes if is_optional.  Dies with DEFER
 * when requests can't be read or answered.
 */
void milter_policy_serve(struct milter_session *t, const char *address, int is_optional);

#endif
