#ifndef LIB_RESOLVER_TRUST_H
#define LIB_RESOLVER_TRUST_H

/* Whether what a DNS server says of signatures is believed. */

#include "lib/resolver.h"

/*
 * Learn whether all servers of an open resolver are on this machine, where nobody is
 * between them and us, and so whether their AD bit is believed.
 */
void resolver_trust_look(struct resolver *r);

/*
 * Do the servers say of the root, which is signed, that it is? 1, 0, or -1 when they
 * don't answer within seconds.
 */
int resolver_trust_validates(struct resolver *r, unsigned seconds);

#endif
