#ifndef LIB_POLICY_START_H
#define LIB_POLICY_START_H

/* A policy started as a child, or connected to. */

#include "lib/policy.h"

/* Start its child or connect to its server.  Returns 0, or -1 with errno. */
int policy_start(struct policy *policy);

#endif
