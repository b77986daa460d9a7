#include "queue/queue_route.h"

#include <errno.h>
#include <string.h>

#include <errmsg.h>

#include "lib/address.h"
#include "lib/text.h"

static int
is_same(const struct stat *a, const struct stat *b)
{
	return a->st_ino == b->st_ino && a->st_dev == b->st_dev &&
	       a->st_size == b->st_size && a->st_mtim.tv_sec == b->st_mtim.tv_sec &&
	       a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

/*
 * Without the file all domains would seem to be remote, and our own mail would go round
 * in circles: better to wait for it.
 */
static void
complain(struct queue_route *route)
{
	int reason = errno;

	if (reason != route->trouble)
		carpsys("unable to open " USERS_CDB);
	route->trouble = reason;
}

void
queue_route_refresh(struct queue_route *route)
{
	struct stat now;

	if (stat(USERS_CDB, &now) == -1) {
		complain(route);
		return;
	}
	if (route->open && !route->trouble && is_same(&now, &route->seen))
		return;
	if (route->open)
		users_close(&route->users);
	route->open = users_open(&route->users) == 0;
	if (!route->open) {
		complain(route);
		return;
	}
	route->seen = now;
	route->trouble = 0;
}

static void
set_domain(stralloc *domain, const char *s, size_t len)
{
	domain->len = 0;
	if (len > 0 && s[len - 1] == '.')
		--len;
	text_catb(domain, s, len);
	for (size_t i = 0; i < len; ++i)
		if (domain->s[i] >= 'A' && domain->s[i] <= 'Z')
			domain->s[i] += 'a' - 'A';
	text_terminate(domain);
}

int
queue_route_find(
    struct queue_route *route, const char *address, enum queue_channel_name *channel)
{
	size_t len = strlen(address), at = address_domain(address, len);
	int r = 1;

	set_domain(&route->domain, address + (at ? at : len), at ? len - at : 0);
	if (!route->open)
		return 0;
	if (route->domain.len > 0)
		r = users_domain(&route->users, route->domain.s, route->domain.len);
	if (r == -1)
		carpsys("unable to read " USERS_CDB);
	*channel = r == 1 ? QUEUE_LOCAL : QUEUE_REMOTE;
	return r != -1;
}
