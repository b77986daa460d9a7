#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "lib/smtppasswords.h"
#include "lib/text.h"
#include "way/route_facts.h"
#include "way/sts_client.h"

void
route_facts_cat_host(stralloc *sa, const struct target *target)
{
	int is_ip6 = target->port > 0 && strchr(target->host, ':') != NULL;
	char number[DECIMAL_MAX];

	text_cat(sa, is_ip6 ? "[" : "", (char *)NULL);
	/* the DNS may say anything */
	text_cat_printable(sa, target->host, strlen(target->host), sizeof(target->host));
	text_cat(sa, is_ip6 ? "]" : "", (char *)NULL);
	if (target->port > 0)
		text_cat(sa, ":", text_decimal(number, target->port), (char *)NULL);
}

const char *
route_facts_kind(const struct target *target)
{
	static const char *const kinds[] = {
	    [TARGET_SMTP] = "smtp", [TARGET_SMTPS] = "smtps", [TARGET_LMTP] = "lmtp"};

	return kinds[target->kind];
}

const unsigned char *
route_facts_source(const struct destination *d, int is_ip4)
{
	const struct bind_address *source = &d->source;

	if (is_ip4)
		return source->has_ip4 ? source->ip4 : NULL;
	return source->has_ip6 ? source->ip6 : NULL;
}

const char *
route_facts_password(const struct target *target, const char **why)
{
	struct smtppassword p = {0};
	int r = 0, is_insecure;

	*why = NULL;
	if (target->is_route)
		r = smtppasswords_find(&p, target->host, target->port, why);
	is_insecure = p.is_insecure;
	smtppasswords_forget(&p);
	if (r == -1)
		return "unknown";
	return r == 0 ? "no" : is_insecure ? "insecure" : "yes";
}

const char *
route_facts_sts(const struct target *target, const char **why)
{
	static const char *const modes[] = {[WAY_SECURITY_STS_NONE] = "none",
	    [WAY_SECURITY_STS_TESTING] = "testing",
	    [WAY_SECURITY_STS_ENFORCE] = "enforce"};
	const struct way_security *security = target->security;

	*why = NULL;
	if (security->sts != WAY_SECURITY_STS_ABSENT)
		return modes[security->sts];
	if (!target->is_mx)
		*why = "the route names the host";
	else if (security->level == WAY_SECURITY_DANE)
		*why = "DANE goes before it";
	else if (access(STS_CLIENT_SOCKET, W_OK) == -1) {
		*why = errno == ENOENT ? "the service sts does not run"
				       : "the service sts can't be asked by this user";
		return errno == ENOENT ? "absent" : "unknown";
	}
	return "absent";
}
