#include <string.h>

#include "lib/ipaddress.h"
#include "lib/text.h"
#include "way/route_facts.h"
#include "way/route_text.h"

/* What others have written is made fit for a screen. */
static void
cat(stralloc *sa, const char *s)
{
	text_cat_printable(sa, s, strlen(s), strlen(s));
}

void
route_text_local(stralloc *sa, const char *address)
{
	cat(sa, address);
	text_cat(sa, ": local-deliver, for the domain is ours\n", (char *)NULL);
}

static void
put_own(stralloc *sa, const struct destination *d)
{
	for (int is_ip4 = 1; is_ip4 >= 0; is_ip4--) {
		const unsigned char *ip = route_facts_source(d, is_ip4);
		char text[IPADDRESS_TEXT_MAX];

		if (ip == NULL)
			continue;
		text_cat(sa, "  from: ", ipaddress_text(text, ip), " as ", (char *)NULL);
		cat(sa, way_settings_helo(d->settings, ip));
		text_cat(sa, ", by control/bindaddresses, ", (char *)NULL);
		cat(sa, d->source.line);
		text_cat(sa, "\n", (char *)NULL);
	}
}

void
route_text_begin(stralloc *sa, const char *address, const struct destination *d)
{
	cat(sa, address);
	text_cat(sa, ": mx-send, to ", (char *)NULL);
	if (d->hops != NULL) {
		cat(sa, d->hops + strspn(d->hops, " \t"));
	} else {
		text_cat(sa, d->domain[0] == '[' ? "" : "the MX of ", (char *)NULL);
		cat(sa, d->domain);
	}
	text_cat(sa, "\n", (char *)NULL);
	if (d->route.line != NULL) {
		text_cat(sa, "  route: control/", d->route.file, ", ", (char *)NULL);
		cat(sa, d->route.line);
		text_cat(sa, "\n", (char *)NULL);
	}
	put_own(sa, d);
}

static void
cat_list(stralloc *sa, const char *before, const stralloc *list)
{
	for (size_t i = 0; i < list->len; i += strlen(list->s + i) + 1) {
		text_cat(sa, i == 0 ? before : " ", (char *)NULL);
		cat(sa, list->s + i);
	}
}

static void
put_addresses(stralloc *sa, const struct target *target)
{
	char ip[IPADDRESS_TEXT_MAX];

	for (size_t i = 0; i < target->n; i++)
		text_cat(sa, i == 0 ? " [" : " ", ipaddress_text(ip, target->ip[i]),
		    (char *)NULL);
	text_cat(sa, target->n > 0 ? "]\n" : "\n", (char *)NULL);
}

static void
put_dane(stralloc *sa, const struct target *target)
{
	const struct way_security *security = target->security;
	int has_records = security->tlsa.len > 0 || security->is_unusable;

	text_cat(sa, "    DANE: ",
	    has_records         ? ""
	    : target->is_secure ? "no TLSA records"
				: "none, the DNS is not signed up to there",
	    security->is_unusable ? "TLSA records that can't be used" : "", (char *)NULL);
	cat_list(sa, "TLSA ", &security->tlsa);
	text_cat(sa, "\n", (char *)NULL);
}

static void
put_sts(stralloc *sa, const struct target *target)
{
	const struct way_security *security = target->security;
	const char *why, *mode = route_facts_sts(target, &why);
	int is_absent = security->sts == WAY_SECURITY_STS_ABSENT;

	text_cat(sa, "    MTA-STS: ", mode, (char *)NULL);
	if (security->sts_id[0] != '\0') {
		text_cat(sa, ", id ", (char *)NULL);
		cat(sa, security->sts_id);
	}
	if (!is_absent && security->sts != WAY_SECURITY_STS_NONE && !security->sts_fits)
		text_cat(sa, ", which does not have this host", (char *)NULL);
	text_cat(sa, why != NULL ? ", " : "", why != NULL ? why : "", "\n", (char *)NULL);
}

static void
put_tls(stralloc *sa, const struct way_security *security)
{
	text_cat(sa, "    TLS: ", way_security_word(security->level),
	    security->min_version == 13   ? ", at least 1.3"
	    : security->min_version == 12 ? ", at least 1.2"
					  : "",
	    (char *)NULL);
	cat_list(sa, ", for the name ", &security->names);
	cat_list(sa, ", sha256 ", &security->fingerprints);
	if (security->why.len > 0) {
		text_cat(sa, ": ", (char *)NULL);
		cat(sa, security->why.s);
	}
	text_cat(sa, "\n", (char *)NULL);
}

static void
put_outcome(stralloc *sa, const char *before, const struct outcome *o)
{
	text_cat(sa, before,
	    o->letter == 'D' ? "refused for good: " : "not now: ", o->status, " ",
	    (char *)NULL);
	cat(sa, o->text.s);
	text_cat(sa, "\n", (char *)NULL);
}

void
route_text_host(stralloc *sa, const struct destination *d, const struct target *target)
{
	char number[DECIMAL_MAX];
	const char *why, *password = route_facts_password(target, &why);

	text_cat(sa, "  ", (char *)NULL);
	if (target->has_preference)
		text_cat(sa, text_decimal(number, target->preference), " ", (char *)NULL);
	route_facts_cat_host(sa, target);
	if (target->kind != TARGET_SMTP)
		text_cat(sa, " ", route_facts_kind(target), (char *)NULL);
	put_addresses(sa, target);
	put_tls(sa, target->security);
	if (target->port > 0) {
		put_dane(sa, target);
		put_sts(sa, target);
	}
	text_cat(sa, "    password: ", password, (char *)NULL);
	if (why != NULL) {
		text_cat(sa, ", ", (char *)NULL);
		cat(sa, why);
	}
	text_cat(sa, "\n", (char *)NULL);
	if (d->refusal.letter)
		put_outcome(sa, "    ", &d->refusal);
}

void
route_text_fault(stralloc *sa, const char *address, const struct outcome *fault)
{
	if (address != NULL) {
		cat(sa, address);
		put_outcome(sa, ": ", fault);
	} else if (fault->letter) {
		put_outcome(sa, "  ", fault);
	}
}
