#ifndef POLICY_DNSBL_HEALTH_H
#define POLICY_DNSBL_HEALTH_H

/* Which lists in the DNS are in order, asked once an hour: RFC 5782, 5. */

#include <stddef.h>

#include "lib/dnsbl.h"
#include "lib/resolver.h"

enum dnsbl_health {
	DNSBL_HEALTH_UNKNOWN,
	DNSBL_HEALTH_SOUND,  /* it lists 127.0.0.2, or ::ffff:7f00:2, and not 127.0.0.1 */
	DNSBL_HEALTH_BROKEN, /* it has become something else, or knows all the world */
	DNSBL_HEALTH_SILENT, /* it does not answer */
};

/*
 * Tell of n lists, at most MX_LIST_MAX, how they are, in health.  What is found out is
 * kept for an hour in state/dnsbl/table for all processes; a list that is found broken is
 * logged, once.  Without that table each process finds out for itself.
 */
void dnsbl_health_look(struct resolver *resolver, const struct dnsbl *lists, size_t n,
    enum dnsbl_health *health);

#endif
