#ifndef POLICY_POLICY_SERVE_H
#define POLICY_POLICY_SERVE_H

/* A policy as a child of its session. */

#include <stralloc.h>

#include "policy/policy_request.h"

#define POLICY_REQUEST_MAX 8192 /* bytes: longer than any command line of smtp-recv */

/* Append the answer to one request, without "\n". */
typedef void policy_answer(const struct policy_request *request, stralloc *out);

/*
 * Answer the requests on descriptor 0, each as the function says, until there are no
 * more: policy(5).  Answers to requests that came together go out together.  Dies with
 * DEFER when that can't be done.
 */
void policy_serve(policy_answer *answer);

#endif
