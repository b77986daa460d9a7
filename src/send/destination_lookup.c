#include <string.h>
#include <sys/random.h>

#include "lib/ipaddress.h"
#include "send/destination_lookup.h"
#include "send/own_host.h"

static unsigned
random_bits(void)
{
	unsigned bits = 0;

	/* without entropy the order is not by chance, but still an order */
	if (getrandom(&bits, sizeof(bits), GRND_NONBLOCK) == -1)
		return 0;
	return bits;
}

static void
add_target(struct destination *d, const char *host, const unsigned char ip[16])
{
	struct target *target;

	if (d->targets_n == DESTINATION_TARGETS)
		return;
	target = &d->targets[d->targets_n++];
	strcpy(target->host, host);
	memcpy(target->ip, ip, 16);
}

static void
add_targets(struct destination *d, const struct host_addresses *host)
{
	size_t i;

	for (i = 0; i < host->n; i++)
		add_target(d, host->name, host->ip[i]);
}

static int
open_resolver(struct destination *d, struct outcome *fault)
{
	const char *why;

	if (resolver_open(&d->resolver, d->settings->resolvers.s,
		d->settings->resolvers.len, &why) == 0)
		return 0;
	outcome_set(
	    fault, 'Z', "4.3.5", "unable to use the DNS resolvers: ", why, (char *)NULL);
	return -1;
}

static void
fail(struct outcome *fault, char letter, const char *status, const char *name,
    const char *what)
{
	struct outcome o = {0};

	outcome_set(&o, letter, status, name, what, (char *)NULL);
	outcome_merge(fault, &o);
	stralloc_free(&o.text);
}

static void
fail_for_loop(struct destination *d, struct outcome *fault)
{
	fail(fault, 'D', "5.4.6", d->domain,
	    ": its mail comes to this host, which does not take it");
}

/* A host named by the admin, or an address. */
static void
look_up_route(struct destination *d, struct outcome *fault)
{
	struct host_addresses host = {.name = d->route.host};
	unsigned char ip[16];

	if (ipaddress_scan(d->route.host, ip)) {
		if (d->is_literal && own_host_is(ip, d->port))
			fail_for_loop(d, fault);
		else
			add_target(d, d->route.host, ip);
		return;
	}
	if (open_resolver(d, fault) == -1)
		return;
	resolver_local_host(&d->resolver, &host);
	add_targets(d, &host);
	/* the admin's mistake is not the sender's: no refusal for good */
	if (host.lookup != LOOKUP_FOUND)
		fail(fault, 'Z', host.lookup == LOOKUP_FAILED ? "4.4.3" : "4.3.5",
		    d->route.host,
		    host.lookup == LOOKUP_FAILED ? ": no answer from the DNS"
						 : ", the way to it, has no address");
}

/* Without MX the domain is its own: RFC 5321, 5.1. */
static void
look_up_domain(struct destination *d, struct outcome *fault)
{
	enum lookup lookup = resolver_mx(&d->resolver, d->domain, &d->mx);

	if (lookup == LOOKUP_NOTHING)
		mx_list_add(&d->mx, d->domain, 0);
	else if (lookup == LOOKUP_NO_NAME)
		fail(fault, 'D', "5.1.2", d->domain, ": no such domain");
	else if (lookup == LOOKUP_FAILED)
		fail(fault, 'Z', "4.4.3", d->domain, ": no answer from the DNS");
	mx_list_sort(&d->mx, random_bits);
	if (mx_list_is_null(&d->mx)) {
		fail(fault, 'D', "5.1.10", d->domain, " takes no mail (null MX)");
		d->mx.n = 0;
	} else if (mx_list_cut(&d->mx, d->settings->me.s) && d->mx.n == 0) {
		fail_for_loop(d, fault);
	}
}

static void
fail_for_no_address(const struct destination *d, const char *host, struct outcome *fault)
{
	if (strcmp(host, d->domain) == 0)
		fail(fault, 'D', "5.1.2", host, ": has neither MX nor address");
	else
		fail(fault, 'D', "5.4.4", host,
		    ", where mail for the domain goes, has no address");
}

void
destination_lookup_group(struct destination *d, struct outcome *fault)
{
	struct host_addresses hosts[MX_LIST_MAX];
	size_t n = mx_list_group(&d->mx, d->next_mx), i, k;
	struct mx_host *mx = d->mx.hosts + d->next_mx;

	for (i = 0; i < n; i++)
		hosts[i].name = mx[i].name;
	resolver_addresses(&d->resolver, hosts, n);
	for (i = 0; i < n; i++)
		for (k = 0; k < hosts[i].n; k++)
			if (own_host_is(hosts[i].ip[k], d->port)) {
				if (d->next_mx == 0)
					fail_for_loop(d, fault);
				d->mx.n = d->next_mx;
				return;
			}
	d->next_mx += n;
	d->targets_n = d->next_target = 0;
	for (i = 0; i < n; i++) {
		add_targets(d, &hosts[i]);
		if (hosts[i].lookup == LOOKUP_FAILED)
			fail(fault, 'Z', "4.4.3", hosts[i].name,
			    ": no answer from the DNS");
		else if (hosts[i].lookup != LOOKUP_FOUND)
			fail_for_no_address(d, hosts[i].name, fault);
	}
}

void
destination_lookup(struct destination *d, struct outcome *fault)
{
	if (d->route.host[0] != '\0')
		look_up_route(d, fault);
	else if (open_resolver(d, fault) == 0)
		look_up_domain(d, fault);
}
