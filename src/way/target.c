#include <string.h>

#include "lib/deadline.h"
#include "lib/idn.h"
#include "lib/ipaddress.h"
#include "lib/text.h"
#include "way/sts_client.h"
#include "way/target.h"
#include "way/target_lookup.h"
#include "way/tls_result.h"

static void
cat_address(stralloc *key, int has, const unsigned char ip[16])
{
	char text[IPADDRESS_TEXT_MAX];

	if (has)
		text_cat(key, " from ", ipaddress_text(text, ip), (char *)NULL);
}

static void
make_key(struct destination *d)
{
	char number[DECIMAL_MAX];

	d->key.len = 0;
	/* of hops only the lone :PORT leads elsewhere for each domain */
	if (d->hops == NULL || d->hops[strspn(d->hops, " \t")] == ':')
		text_cat(&d->key, "@", d->domain, (char *)NULL);
	if (d->hops != NULL)
		text_cat(&d->key, "=", d->hops, (char *)NULL);
	text_cat(&d->key, ":", text_decimal(number, d->settings->port), (char *)NULL);
	cat_address(&d->key, d->source.has_ip4, d->source.ip4);
	cat_address(&d->key, d->source.has_ip6, d->source.ip6);
	/* a session that is good enough for other mail is not for this */
	text_cat(&d->key,
	    d->request.requires_tls      ? " requiretls"
	    : d->request.is_tls_optional ? " tls-optional"
					 : "",
	    (char *)NULL);
	way_security_key(&d->key, d->settings, d->domain);
	text_terminate(&d->key);
}

static int
fail_for_route(const struct destination *d, struct outcome *fault)
{
	outcome_set(fault, 'Z', "4.3.5", "control/", d->route.file,
	    ": malformed line for ", d->domain, (char *)NULL);
	return -1;
}

/* The way that the admin wants the mail to go: 0, or -1 with fault. */
static int
find_route(struct destination *d, struct outcome *fault)
{
	const char *text, *target = d->request.target;
	char status[NEXT_HOP_STATUS_MAX];
	struct next_hop hop;

	if (target != NULL) {
		d->hops = target;
		if (next_hop_parse(&hop, target, strlen(target)))
			return 0;
		outcome_set(fault, 'Z', "4.3.5", target,
		    " is neither HOST:PORT nor another form of a next hop", (char *)NULL);
		return -1;
	}
	if (!routes_find(&d->settings->routes,
		d->request.sender != NULL ? d->request.sender : "", d->domain, &d->route))
		return 0;
	if (d->route.hops == NULL || !next_hop_are(d->route.hops))
		return fail_for_route(d, fault);
	text = next_hop_refusal(d->route.hops);
	if (text != NULL) {
		text = next_hop_refusal_text(text, status);
		outcome_set(fault, 'D', status, text, (char *)NULL);
		return -1;
	}
	d->hops = d->route.hops;
	return 0;
}

/* From where: 0, or -1 with fault. */
static int
find_source(struct destination *d, struct outcome *fault)
{
	const stralloc *bind = &d->settings->bind;

	memset(&d->source, 0, sizeof(d->source));
	if (bind_address_find(&d->source, bind->s, bind->len,
		d->request.sender != NULL ? d->request.sender : "", d->domain) != -1)
		return 0;
	outcome_set(fault, 'Z', "4.3.5", "control/bindaddresses: malformed line \"",
	    d->source.line, "\"", (char *)NULL);
	return -1;
}

/* The domain as the DNS knows it, without a dot at its end: 0, or -1 with fault. */
static int
take_domain(struct destination *d, const char *domain, struct outcome *fault)
{
	stralloc ascii = {0}, plain = {0};
	size_t len = strlen(domain);
	int r;

	text_setb(&plain, domain, len > 0 && domain[len - 1] == '.' ? len - 1 : len);
	r = idn_put_domain(&ascii, plain.s);
	stralloc_free(&plain);
	if (r == -1 || ascii.len == 0 || ascii.len > MX_NAME_MAX) {
		outcome_set(fault, 'D', "5.1.2", "\"", domain, "\" is not a domain",
		    (char *)NULL);
		r = -1;
	} else {
		memcpy(d->domain, ascii.s, ascii.len);
		d->domain[ascii.len] = '\0';
	}
	stralloc_free(&ascii);
	return r;
}

int
target_begin(struct destination *d, const struct way_settings *settings,
    const struct target_request *request, struct outcome *fault)
{
	sts_client_forget();
	d->settings = settings;
	d->request = *request;
	memset(&d->route, 0, sizeof(d->route));
	d->hops = NULL;
	d->is_at_end = 0;
	d->hop_number = 0;
	d->mx.n = d->next_mx = 0;
	d->targets_n = d->next_target = 0;
	if (take_domain(d, request->domain, fault) == -1 || find_route(d, fault) == -1 ||
	    find_source(d, fault) == -1)
		return -1;
	if (d->hops != NULL && d->hops[strspn(d->hops, " \t")] == '\0')
		d->hops = NULL; /* the line says: as if there were none */
	make_key(d);
	return 0;
}

/* No session is begun with the host. */
static void
note(const struct destination *d, const struct target *target)
{
	struct tls_result result = {.security = &d->security,
	    .host = target->host,
	    .ip = "",
	    .own_ip = "",
	    .result = d->security.fault_result.s,
	    .text = d->refusal.text.s};

	if (d->request.is_noted && d->security.fault_result.len > 0)
		tls_result_note(d->settings, &result);
}

/*
 * Find the security of the host of target: 0; or -1 when no mail may go there, which is
 * merged into fault; d->refusal tells it, too.
 */
static int
judge(struct destination *d, struct target *target, struct outcome *fault)
{
	struct way_security_question question = {.settings = d->settings,
	    .resolver = &d->resolver,
	    .domain = d->hop.kind == NEXT_HOP_MX ? d->hop.host : d->domain,
	    .recipients = d->domain,
	    .host = target->host,
	    .port = target->port,
	    .is_route = target->is_route,
	    .is_mx = target->is_mx,
	    .is_smtps = target->kind == TARGET_SMTPS,
	    .is_secure = target->is_secure,
	    .requires_tls = d->request.requires_tls,
	    .is_tls_optional = d->request.is_tls_optional};
	struct outcome *o = &d->refusal;
	int r;

	o->letter = 0;
	r = way_security_find(&d->security, &question, o);
	target->security = &d->security;
	if (r == -1) {
		outcome_merge(fault, o);
		note(d, target);
	} else {
		o->letter = 0;
	}
	return r;
}

/* Begin with the next hop: 1, or 0 when there is none. */
static int
begin_hop(struct destination *d, struct outcome *fault)
{
	if (d->is_at_end)
		return 0;
	if (d->hops == NULL) {
		d->hop = (struct next_hop){.kind = NEXT_HOP_DOMAIN};
		d->is_at_end = 1;
	} else if (next_hop_take(&d->hop, &d->hops) != 1) {
		d->is_at_end = 1;
		return 0;
	}
	d->mx.n = d->next_mx = d->targets_n = d->next_target = 0;
	d->hop_number++;
	target_lookup(d, fault);
	return 1;
}

/* Each host may cost a minute or more of silence in the DNS. */
static int
is_too_late(const struct destination *d, struct outcome *fault)
{
	struct outcome o = {0};

	if (d->request.until == 0 || deadline_now() < d->request.until)
		return 0;
	outcome_set(&o, 'Z', "4.4.2", d->domain,
	    ": no time left to try more of its servers", (char *)NULL);
	outcome_merge(fault, &o);
	outcome_free(&o);
	return 1;
}

const struct target *
target_next(struct destination *d, struct outcome *fault)
{
	while (!is_too_late(d, fault)) {
		struct target *target = &d->targets[d->next_target];

		if (d->next_target < d->targets_n) {
			d->next_target++;
			if (judge(d, target, fault) == 0 || d->request.wants_all)
				return target;
		} else if (d->next_mx < d->mx.n) {
			target_lookup_group(d, fault);
		} else if (!begin_hop(d, fault)) {
			break;
		}
	}
	return NULL;
}

void
target_leave_hop(struct destination *d)
{
	d->next_target = d->targets_n;
	d->next_mx = d->mx.n;
}

void
target_end(struct destination *d)
{
	resolver_close(&d->resolver);
}
