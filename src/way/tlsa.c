#include <string.h>
#include <strings.h>

#include "lib/ipaddress.h"
#include "lib/resolver_tlsa.h"
#include "lib/text.h"
#include "way/tlsa.h"

/* Is what leads to the host known to be true? */
static int
may_have_records(const struct way_security_question *q)
{
	unsigned char ip[16];

	return q->resolver->open && q->resolver->believes && q->port > 0 &&
	       (q->is_secure || (q->is_route && !q->is_mx)) &&
	       !ipaddress_scan(q->host, ip);
}

static void
add_name(stralloc *names, const char *name)
{
	size_t i;

	for (i = 0; i < names->len; i += strlen(names->s + i) + 1)
		if (strcasecmp(names->s + i, name) == 0)
			return;
	text_cat(names, name, (char *)NULL);
	text_catb(names, "", 1);
}

static void
take(struct way_security *s, const struct way_security_question *q, const char *base)
{
	text_set(&s->why, "DANE, TLSA records of ");
	text_cat(&s->why, base, (char *)NULL);
	text_terminate(&s->why);
	if (s->tlsa.len == 0) {
		/* the admin may want those that can be */
		s->is_unusable = s->level != WAY_SECURITY_DANE;
		if (s->level < WAY_SECURITY_ENCRYPT)
			s->level = WAY_SECURITY_ENCRYPT;
		text_cat(&s->why, ", none of which can be used", (char *)NULL);
		text_terminate(&s->why);
		return;
	}
	/* RFC 7672, 3.2.2 */
	s->level = WAY_SECURITY_DANE;
	s->names.len = 0;
	add_name(&s->names, base);
	add_name(&s->names, q->host);
	if (q->is_mx)
		add_name(&s->names, q->domain);
}

static int
fail(struct way_security *s, const struct way_security_question *q, const char *text,
    struct outcome *fault)
{
	text_set(&s->fault_result, "dnssec-invalid");
	text_set(&s->why, "DANE");
	outcome_set(fault, 'Z', "4.7.5", q->host, ": ", text, (char *)NULL);
	return -1;
}

int
tlsa_find(
    struct way_security *s, const struct way_security_question *q, struct outcome *fault)
{
	char name[MX_NAME_MAX + 1 + sizeof("_65535._tcp.")], number[DECIMAL_MAX];
	struct resolver_tlsa_bases bases;
	enum resolver_lookup lookup;
	size_t i;

	s->tlsa.len = 0;
	if (!may_have_records(q))
		return 0;
	resolver_tlsa_bases(q->resolver, q->host, &bases);
	/* a host that the admin names may stand in /etc/hosts only */
	if (bases.lookup == RESOLVER_FAILED && q->is_mx)
		return fail(s, q, "the DNS does not say whether it is signed", fault);
	for (i = 0; i < bases.n; i++) {
		stpcpy(stpcpy(stpcpy(stpcpy(name, "_"), text_decimal(number, q->port)),
			   "._tcp."),
		    bases.names[i]);
		lookup = resolver_tlsa(q->resolver, name, &s->tlsa);
		if (lookup == RESOLVER_FAILED)
			return fail(
			    s, q, "no answer from the DNS about its TLSA records", fault);
		if (lookup == RESOLVER_FOUND) {
			take(s, q, bases.names[i]);
			return 1;
		}
	}
	return 0;
}
