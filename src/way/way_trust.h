#ifndef WAY_WAY_TRUST_H
#define WAY_WAY_TRUST_H

/* Resolvers of this machine that validate nothing, told to the admin. */

#include "lib/resolver.h"

/* What was found out, 1 or 0 and the resolvers, so that it is once a day. */
#define WAY_TRUST_FILE "state/send/validating"

/*
 * Log, once, when the resolvers, list[0..len) or those of resolv.conf(5), are all on this
 * machine, and do not say that the root is signed, for then DANE protects nothing.
 */
void way_trust_look(struct resolver *r, const char *list, size_t len);

#endif
