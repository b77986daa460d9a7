#include <string.h>

#include "lib/idn.h"
#include "lib/ipaddress.h"
#include "lib/text.h"
#include "send/destination.h"
#include "send/destination_lookup.h"

static void
make_key(struct destination *d)
{
	char number[DECIMAL_MAX];
	int routed = d->route.host[0] != '\0';
	char *p = stpcpy(d->key, routed ? "=" : "@");

	p = stpcpy(p, routed ? d->route.host : d->domain);
	strcpy(stpcpy(p, ":"), text_decimal(number, d->port));
}

/* The way that the admin wants the mail to go: 0, or -1 with fault. */
static int
find_route(struct destination *d, const char *target, struct outcome *fault)
{
	const stralloc *routes = &d->settings->routes;

	if (target != NULL) {
		if (smtproutes_target(&d->route, target, strlen(target)))
			return 0;
		outcome_set(
		    fault, 'Z', "4.3.5", target, " is not HOST:PORT", (char *)NULL);
		return -1;
	}
	if (smtproutes_find(&d->route, routes->s, routes->len, d->domain) != -1)
		return 0;
	outcome_set(fault, 'Z', "4.3.5", "control/smtproutes: malformed line for ",
	    d->domain, (char *)NULL);
	return -1;
}

/* [192.0.2.1] and [IPv6:2001:db8::1], RFC 5321, 4.1.3: 0, or -1 with fault. */
static int
take_literal(struct destination *d, struct outcome *fault)
{
	unsigned char ip[16];
	struct smtproute literal;

	if (smtproutes_target(&literal, d->domain, strlen(d->domain)) &&
	    literal.port == 0 && ipaddress_scan(literal.host, ip)) {
		strcpy(d->route.host, literal.host);
		d->is_literal = 1;
		return 0;
	}
	outcome_set(fault, 'D', "5.1.2", d->domain, " is not an address", (char *)NULL);
	return -1;
}

/* The domain as the DNS knows it, without a dot at its end: 0, or -1 with fault. */
static int
take_domain(struct destination *d, const char *domain, struct outcome *fault)
{
	stralloc ascii = {0};
	int r = idn_put_domain(&ascii, domain);

	if (ascii.len > 0 && ascii.s[ascii.len - 1] == '.')
		ascii.len--;
	if (r == -1 || ascii.len == 0 || ascii.len > MX_NAME_MAX) {
		outcome_set(fault, 'D', "5.1.2", "\"", domain, "\" is not a domain",
		    (char *)NULL);
		r = -1;
	} else {
		memcpy(d->domain, ascii.s, ascii.len);
	}
	stralloc_free(&ascii);
	return r;
}

int
destination_begin(struct destination *d, const struct send_settings *settings,
    const char *domain, const char *target, struct outcome *fault)
{
	unsigned char ip[16];

	memset(d, 0, sizeof(*d));
	d->settings = settings;
	if (take_domain(d, domain, fault) == -1 || find_route(d, target, fault) == -1)
		return -1;
	/* no top-level domain is a number: a bare IPv4 address, as given by hand, is one
	 */
	if (d->route.host[0] == '\0' &&
	    (d->domain[0] == '[' || ipaddress_scan(d->domain, ip)) &&
	    take_literal(d, fault) == -1)
		return -1;
	d->port = d->route.port > 0 ? d->route.port : settings->port;
	make_key(d);
	return 0;
}

const struct target *
destination_next(struct destination *d, struct outcome *fault)
{
	if (!d->looked_up)
		destination_lookup(d, fault);
	d->looked_up = 1;
	while (d->next_target == d->targets_n && d->next_mx < d->mx.n)
		destination_lookup_group(d, fault);
	if (d->next_target == d->targets_n)
		return NULL;
	return &d->targets[d->next_target++];
}

void
destination_end(struct destination *d)
{
	resolver_close(&d->resolver);
}
