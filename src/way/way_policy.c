#include <string.h>
#include <strings.h>

#include "lib/idn.h"
#include "lib/ipaddress.h"
#include "lib/siphash.h"
#include "lib/text.h"
#include "lib/tls_policy.h"
#include "way/way_policy.h"

#define FILE_NAME "control/tlspolicy"

static const char *
find(const struct way_settings *settings, const char *domain)
{
	return tls_policy_find(settings->tls.s, settings->tls.len, domain);
}

/* The same for a host that may be an address, which patterns have as RFC 5321, 4.1.3. */
static const char *
find_host(const struct way_settings *settings, const char *host)
{
	char literal[IPADDRESS_TEXT_MAX + sizeof("[IPv6:]")], ip[IPADDRESS_TEXT_MAX];
	unsigned char address[16];

	if (!ipaddress_scan(host, address))
		return find(settings, host);
	ipaddress_text(ip, address);
	strcpy(
	    stpcpy(stpcpy(literal, strchr(ip, ':') == NULL ? "[" : "[IPv6:"), ip), "]");
	return find(settings, literal);
}

/* The line that counts, or null. */
static const char *
choose(const struct way_security_question *q)
{
	const char *line;

	if (q->is_route) {
		line = find_host(q->settings, q->host);
		if (line != NULL && !tls_policy_is_general(line))
			return line;
	}
	line = find(q->settings, q->domain);
	/* a way through the MX of another domain is no way around the recipients' line */
	if (q->recipients != NULL && (line == NULL || tls_policy_is_general(line)))
		line = find(q->settings, q->recipients);
	return line;
}

/* Certificates have names in ASCII. */
static void
add(stralloc *list, const char *value)
{
	if (idn_put_domain(list, value) == -1)
		text_cat(list, value, (char *)NULL);
	text_catb(list, "", 1);
}

/* The names that the certificate may have. */
static void
set_names(struct way_security *s, const struct way_security_question *q,
    const struct tls_policy *policy)
{
	char name[TLS_POLICY_NAME_MAX + 1];
	const char *list = policy->names;

	s->names.len = 0;
	if (list == NULL)
		add(&s->names, q->is_mx ? q->domain : q->host);
	while (tls_policy_next(&list, name, sizeof(name)))
		add(&s->names, strcasecmp(name, "mx") == 0 ? q->host : name);
}

static void
set_fingerprints(struct way_security *s, const struct tls_policy *policy)
{
	char digest[TLS_POLICY_HEX + 1];
	const char *list = policy->fingerprints;

	s->fingerprints.len = 0;
	while (tls_policy_next(&list, digest, sizeof(digest)))
		add(&s->fingerprints, digest);
}

static enum way_security_level
level_of(enum tls_policy_level level)
{
	switch (level) {
	case TLS_POLICY_NONE:
		return WAY_SECURITY_NONE;
	case TLS_POLICY_MAY:
		return WAY_SECURITY_MAY;
	case TLS_POLICY_ENCRYPT:
		return WAY_SECURITY_ENCRYPT;
	case TLS_POLICY_VERIFY:
		return WAY_SECURITY_VERIFY;
	case TLS_POLICY_DANE:
		return WAY_SECURITY_DANE;
	default:
		return WAY_SECURITY_FINGERPRINT;
	}
}

int
way_policy_apply(
    struct way_security *s, const struct way_security_question *q, struct outcome *fault)
{
	const char *line = choose(q), *wrong;
	struct tls_policy policy;

	if (line == NULL)
		return 0;
	wrong = tls_policy_parse(&policy, line);
	if (wrong != NULL) {
		outcome_set(fault, 'Z', "4.3.5", FILE_NAME ": malformed line for ",
		    q->domain, ": ", wrong, (char *)NULL);
		return -1;
	}
	s->min_version = policy.min_version;
	/* on that port nothing but TLS is spoken */
	if (q->is_smtps && policy.level < TLS_POLICY_ENCRYPT)
		return 1;
	s->level = level_of(policy.level);
	if (s->level == WAY_SECURITY_VERIFY)
		set_names(s, q, &policy);
	set_fingerprints(s, &policy);
	s->why.len = 0;
	text_cat(&s->why, FILE_NAME " ", (char *)NULL);
	text_catb(&s->why, policy.pattern, policy.pattern_len);
	text_cat(&s->why, " ", way_security_word(s->level), (char *)NULL);
	text_terminate(&s->why);
	return 1;
}

void
way_policy_key(stralloc *key, const struct way_settings *settings, const char *domain)
{
	static const uint64_t any[2];
	const char *line = find(settings, domain);
	char decimal[DECIMAL_MAX];

	text_cat(key, " tls:",
	    text_decimal(decimal, siphash(any, settings->tls.s, settings->tls.len)),
	    (char *)NULL);
	if (line != NULL && !tls_policy_is_general(line))
		text_cat(key, ":", line, (char *)NULL);
}
