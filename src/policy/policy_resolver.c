#include <errmsg.h>
#include <stralloc.h>

#include "lib/control.h"
#include "policy/policy_resolver.h"

int
policy_resolver_open(struct resolver *resolver)
{
	stralloc servers = {0};
	const char *why = "unable to read control/resolvers";
	int r = -1;

	if (resolver->open)
		return 0;
	if (control_list("resolvers", &servers) != -1)
		r = resolver_open(resolver, servers.s, servers.len, &why);
	if (r == -1)
		carp("unable to use the DNS: ", why);
	stralloc_free(&servers);
	return r;
}
