#include <string.h>
#include <strings.h>
#include <sys/random.h>

#include "lib/ipaddress.h"
#include "way/never_to.h"
#include "way/own_host.h"
#include "way/target_lookup.h"
#include "way/way_trust.h"

static unsigned
random_bits(void)
{
	unsigned bits = 0;

	/* without entropy the order is not by chance, but still an order */
	if (getrandom(&bits, sizeof(bits), GRND_NONBLOCK) == -1)
		return 0;
	return bits;
}

/* The port of the hop under way. */
static unsigned
port_of(const struct destination *d)
{
	return d->hop.port > 0 ? d->hop.port : d->settings->port;
}

/* Room for one more host, which has no addresses yet; or null. */
static struct target *
add_target(struct destination *d, const char *host)
{
	struct target *target;

	if (d->targets_n == MX_LIST_MAX)
		return NULL;
	target = &d->targets[d->targets_n++];
	memset(target, 0, sizeof(*target));
	strcpy(target->host, host);
	target->port = port_of(d);
	target->kind = d->hop.kind == NEXT_HOP_SMTPS  ? TARGET_SMTPS
		       : d->hop.kind == NEXT_HOP_LMTP ? TARGET_LMTP
						      : TARGET_SMTP;
	target->is_mx = d->hop.kind == NEXT_HOP_DOMAIN || d->hop.kind == NEXT_HOP_MX;
	target->is_route = d->hop.kind != NEXT_HOP_DOMAIN;
	return target;
}

static void
add_address(struct target *target, const unsigned char ip[16])
{
	if (target->n < RESOLVER_ADDRESSES)
		memcpy(target->ip[target->n++], ip, 16);
}

static int
open_resolver(struct destination *d, struct outcome *fault)
{
	const char *why;

	d->resolver.trusts_any = d->settings->trusts_any;
	if (d->resolver.open || resolver_open(&d->resolver, d->settings->resolvers.s,
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
	outcome_free(&o);
}

/*
 * A fault of the domain by which a hop is found: with the recipients' it is for good, but
 * the admin's mistake is not the sender's.
 */
static void
fail_domain(const struct destination *d, const char *status, const char *name,
    const char *what, struct outcome *fault)
{
	if (d->hop.kind == NEXT_HOP_MX)
		fail(fault, 'Z', "4.3.5", name, what);
	else
		fail(fault, 'D', status, name, what);
}

/* An address that not the admin but the DNS, or a sender, has named. */
static void
add_foreign(struct destination *d, struct target *target, const unsigned char ip[16],
    struct outcome *fault)
{
	struct outcome o = {0};
	char text[IPADDRESS_TEXT_MAX];

	if (d->hop.kind == NEXT_HOP_MX || !never_to_has(&d->settings->never_to, ip)) {
		add_address(target, ip);
		return;
	}
	outcome_set(&o, 'D', "5.4.4", target->host, "[", ipaddress_text(text, ip),
	    "], where mail for the domain goes, is in a network of control/neverto",
	    (char *)NULL);
	outcome_merge(fault, &o);
	outcome_free(&o);
}

/* The target has its addresses: it stays when there are some of a wanted family. */
static void
conclude(struct destination *d, struct target *target, struct outcome *fault)
{
	size_t n = target->n;

	target->n = ip_families_sort(&d->settings->families, target->ip, n);
	if (target->n > 0)
		return;
	if (n > 0)
		fail(fault, 'Z', "4.4.4", target->host,
		    " has no address of a family of control/ipfamilies");
	d->targets_n--;
}

static const char *
name_of(const struct destination *d)
{
	return d->hop.kind == NEXT_HOP_MX ? d->hop.host : d->domain;
}

static void
fail_for_loop(struct destination *d, struct outcome *fault)
{
	fail_domain(d, "5.4.6", name_of(d),
	    ": its mail comes to this host, which does not take it", fault);
}

/* [192.0.2.1] and [IPv6:2001:db8::1], RFC 5321, 4.1.3. */
static void
look_up_literal(struct destination *d, struct outcome *fault)
{
	struct next_hop literal;
	unsigned char ip[16];
	struct target *target;

	if (!next_hop_parse(&literal, d->domain, strlen(d->domain)) ||
	    literal.port != 0 || !ipaddress_scan(literal.host, ip)) {
		fail(fault, 'D', "5.1.2", d->domain, " is not an address");
	} else if (own_host_is(ip, port_of(d))) {
		fail_for_loop(d, fault);
	} else {
		target = add_target(d, literal.host);
		target->is_mx = 0;
		add_foreign(d, target, ip, fault);
		conclude(d, target, fault);
	}
}

/* A host named by the admin, who may have written its address. */
static void
look_up_host(struct destination *d, struct outcome *fault)
{
	struct resolver_addresses host = {.name = d->hop.host};
	struct target *target;
	unsigned char ip[16];

	if (ipaddress_scan(d->hop.host, ip)) {
		add_address(add_target(d, d->hop.host), ip);
		return;
	}
	if (open_resolver(d, fault) == -1)
		return;
	resolver_local_host(&d->resolver, &host);
	target = add_target(d, d->hop.host);
	for (size_t i = 0; i < host.n; i++)
		add_address(target, host.ip[i]);
	conclude(d, target, fault);
	/* the admin's mistake is not the sender's: no refusal for good */
	if (host.lookup != RESOLVER_FOUND)
		fail(fault, 'Z', host.lookup == RESOLVER_FAILED ? "4.4.3" : "4.3.5",
		    d->hop.host,
		    host.lookup == RESOLVER_FAILED ? ": no answer from the DNS"
						   : ", the way to it, has no address");
}

/* Without MX the domain is its own: RFC 5321, 5.1. */
static void
look_up_domain(struct destination *d, struct outcome *fault)
{
	const char *domain = name_of(d);
	enum resolver_lookup lookup = resolver_mx(&d->resolver, domain, &d->mx);

	way_trust_look(
	    &d->resolver, d->settings->resolvers.s, d->settings->resolvers.len);
	d->has_mx = lookup == RESOLVER_FOUND;
	if (lookup == RESOLVER_NOTHING)
		mx_list_add(&d->mx, domain, 0);
	else if (lookup == RESOLVER_NO_NAME)
		fail_domain(d, "5.1.2", domain, ": no such domain", fault);
	else if (lookup == RESOLVER_FAILED)
		fail(fault, 'Z', "4.4.3", domain, ": no answer from the DNS");
	mx_list_sort(&d->mx, random_bits);
	if (mx_list_is_null(&d->mx)) {
		fail_domain(d, "5.1.10", domain, " takes no mail (null MX)", fault);
		d->mx.n = 0;
	} else if (mx_list_cut(&d->mx, d->settings->me.s) && d->mx.n == 0) {
		fail_for_loop(d, fault);
	}
}

static void
fail_for_no_address(const struct destination *d, const char *host, struct outcome *fault)
{
	unsigned char ip[16];

	if (ipaddress_scan(host, ip))
		fail_domain(d, "5.4.4", host,
		    ", where mail for the domain goes, is an address where the DNS wants "
		    "a name",
		    fault);
	else if (strcmp(host, name_of(d)) == 0)
		fail_domain(d, "5.1.2", host, ": has neither MX nor address", fault);
	else
		fail_domain(d, "5.4.4", host,
		    ", where mail for the domain goes, has no address", fault);
}

/* The host of an MX record has been looked up. */
static void
take_host(struct destination *d, const struct resolver_addresses *host,
    unsigned preference, struct outcome *fault)
{
	struct target *target = add_target(d, host->name);
	unsigned char ip[16];

	target->preference = preference;
	target->has_preference = d->has_mx;
	target->is_secure = d->mx.is_secure;
	for (size_t i = 0; i < host->n; i++)
		add_foreign(d, target, host->ip[i], fault);
	conclude(d, target, fault);
	if (host->lookup == RESOLVER_FAILED && !ipaddress_scan(host->name, ip))
		fail(fault, 'Z', "4.4.3", host->name, ": no answer from the DNS");
	else if (host->lookup != RESOLVER_FOUND)
		fail_for_no_address(d, host->name, fault);
}

/* RFC 6761, 6.3: whatever the DNS says, it is a name for the one who asks. */
static int
is_localhost(const char *name)
{
	size_t n = strlen(name), size = strlen("localhost");

	return n >= size && strcasecmp(name + n - size, "localhost") == 0 &&
	       (n == size || name[n - size - 1] == '.');
}

static int
is_own(const struct destination *d, const struct resolver_addresses *host)
{
	for (size_t i = 0; i < host->n; i++)
		if (own_host_is(host->ip[i], port_of(d)))
			return 1;
	return 0;
}

void
target_lookup_group(struct destination *d, struct outcome *fault)
{
	struct resolver_addresses hosts[MX_LIST_MAX];
	struct mx_host *mx = d->mx.hosts + d->next_mx;
	size_t n = mx_list_group(&d->mx, d->next_mx), asked = 0, i;

	for (i = 0; i < n; i++)
		if (!is_localhost(mx[i].name))
			hosts[asked++].name = mx[i].name;
		else
			fail_domain(d, "5.4.4", mx[i].name,
			    ", where mail for the domain goes, is no name of a server",
			    fault);
	resolver_addresses(&d->resolver, hosts, asked);
	for (i = 0; i < asked; i++)
		if (is_own(d, &hosts[i])) {
			if (d->next_mx == 0)
				fail_for_loop(d, fault);
			d->mx.n = d->next_mx;
			return;
		}
	d->next_mx += n;
	d->targets_n = d->next_target = 0;
	for (i = 0; i < asked; i++)
		take_host(d, &hosts[i], mx->preference, fault);
}

/* Is that an address where there should be a domain? */
static int
is_address(const char *domain)
{
	unsigned char ip[16];

	/* no top-level domain is a number: a bare IPv4 address, as given by hand, is one
	 */
	return domain[0] == '[' || ipaddress_scan(domain, ip);
}

void
target_lookup(struct destination *d, struct outcome *fault)
{
	switch (d->hop.kind) {
	case NEXT_HOP_DOMAIN:
		if (is_address(d->domain)) {
			look_up_literal(d, fault);
			return;
		}
		/* fall through */
	case NEXT_HOP_MX:
		if (open_resolver(d, fault) == 0)
			look_up_domain(d, fault);
		return;
	case NEXT_HOP_LMTP_PATH:
		add_target(d, d->hop.host)->kind = TARGET_LMTP;
		d->targets[0].port = 0;
		return;
	default:
		look_up_host(d, fault);
	}
}
