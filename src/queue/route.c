#include <errno.h>
#include <string.h>

#include <errmsg.h>

#include "lib/address.h"
#include "lib/lower.h"
#include "lib/text.h"
#include "queue/route.h"

/*
 * Without the file all domains would seem to be remote, and our own mail would go round
 * in circles: better to wait for it.
 */
static void
complain(struct route *route)
{
	int reason = errno;

	if (reason != route->trouble)
		carpsys("unable to open " USERS_CDB);
	route->trouble = reason;
}

void
route_refresh(struct route *route)
{
	if (!route->begun)
		route->users.fd = -1;
	route->begun = 1;
	if (users_refresh(&route->users) == -1)
		complain(route);
	else
		route->trouble = 0;
}

static void
set_domain(stralloc *domain, const char *s, size_t len)
{
	if (len > 0 && s[len - 1] == '.')
		--len;
	text_setb(domain, s, len);
	lower_bytes(domain->s, len);
}

int
route_find(struct route *route, const char *address, enum route_channel *channel)
{
	size_t len = strlen(address), at = address_domain(address, len);
	int r = 1;

	set_domain(&route->domain, address + (at ? at : len), at ? len - at : 0);
	if (!route->begun || route->users.fd == -1)
		return 0;
	if (route->domain.len > 0)
		r = users_domain(&route->users, route->domain.s, route->domain.len);
	if (r == -1)
		carpsys("unable to read " USERS_CDB);
	*channel = r == 1 ? ROUTE_LOCAL : ROUTE_REMOTE;
	return r != -1;
}
