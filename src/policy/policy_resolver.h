#ifndef POLICY_POLICY_RESOLVER_H
#define POLICY_POLICY_RESOLVER_H

/* The DNS, as policies ask it. */

#include "lib/resolver.h"

/*
 * Use the servers of control/resolvers, unless it is open.  Returns 0, or -1 after having
 * said why.
 */
int policy_resolver_open(struct resolver *resolver);

#endif
