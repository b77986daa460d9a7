#ifndef WAY_TARGET_LOOKUP_H
#define WAY_TARGET_LOOKUP_H

/* The questions to the DNS about where mail for a domain goes. */

#include "way/target.h"

/*
 * The half of a destination that asks the DNS.  Find the host of the hop under way, or
 * its MX hosts.  What went wrong is merged into fault.
 */
void target_lookup(struct destination *d, struct outcome *fault);

/*
 * Replace the targets by the MX hosts with the next preference; all of
 * them at once, for when one is this host itself none of them may be used.
 */
void target_lookup_group(struct destination *d, struct outcome *fault);

#endif
