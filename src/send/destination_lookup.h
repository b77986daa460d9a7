#ifndef SEND_DESTINATION_LOOKUP_H
#define SEND_DESTINATION_LOOKUP_H

#include "send/destination.h"

/*
 * The half of a destination that asks the DNS.  First find the addresses of the route, or
 * else the MX hosts.  What went wrong is merged into fault.
 */
void destination_lookup(struct destination *d, struct outcome *fault);

/*
 * Replace the targets by the addresses of the MX hosts with the next preference; all of
 * them at once, for when one is this host itself none of them may be used.
 */
void destination_lookup_group(struct destination *d, struct outcome *fault);

#endif
