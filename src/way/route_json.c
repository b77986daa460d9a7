#include <string.h>

#include "lib/ipaddress.h"
#include "lib/json.h"
#include "lib/text.h"
#include "way/route_facts.h"
#include "way/route_json.h"

static void
put_member(stralloc *sa, const char *name, const char *value)
{
	text_cat(sa, ",", (char *)NULL);
	json_put_pair(sa, name, value);
}

static void
put_truth(stralloc *sa, const char *name, int value)
{
	text_cat(sa, ",\"", name, "\":", value ? "true" : "false", (char *)NULL);
}

static void
put_list(stralloc *sa, const char *name, const stralloc *list)
{
	text_cat(sa, ",\"", name, "\":[", (char *)NULL);
	for (size_t i = 0; i < list->len; i += strlen(list->s + i) + 1) {
		text_cat(sa, i == 0 ? "" : ",", (char *)NULL);
		json_put_string(sa, list->s + i);
	}
	text_cat(sa, "]", (char *)NULL);
}

static void
put_outcome(stralloc *sa, const char *name, const struct outcome *o)
{
	text_cat(sa, ",\"", name, "\":", (char *)NULL);
	if (!o->letter) {
		text_cat(sa, "null", (char *)NULL);
		return;
	}
	text_cat(sa, "{", (char *)NULL);
	json_put_pair(sa, "result", o->letter == 'D' ? "D" : "Z");
	put_member(sa, "status", o->status);
	put_member(sa, "text", o->text.s);
	text_cat(sa, "}", (char *)NULL);
}

static void
put_own(stralloc *sa, const struct destination *d)
{
	int n = 0;

	text_cat(sa, ",\"from\":[", (char *)NULL);
	for (int is_ip4 = 1; is_ip4 >= 0; is_ip4--) {
		const unsigned char *ip = route_facts_source(d, is_ip4);
		char text[IPADDRESS_TEXT_MAX];

		if (ip == NULL)
			continue;
		text_cat(sa, n++ > 0 ? ",{" : "{", (char *)NULL);
		json_put_pair(sa, "address", ipaddress_text(text, ip));
		put_member(sa, "helo", way_settings_helo(d->settings, ip));
		text_cat(sa, "}", (char *)NULL);
	}
	text_cat(sa, "]", (char *)NULL);
}

void
route_json_begin(
    stralloc *sa, const char *address, int is_local, const struct destination *d)
{
	text_cat(sa, "{", (char *)NULL);
	json_put_pair(sa, "address", address);
	put_truth(sa, "local", is_local);
	if (d != NULL) {
		put_member(sa, "domain", d->domain);
		put_member(sa, "by", d->hops != NULL ? "route" : "mx");
		if (d->hops != NULL)
			put_member(sa, "hops", d->hops + strspn(d->hops, " \t"));
	}
	if (d != NULL && d->route.line != NULL) {
		text_cat(sa, ",\"route\":{\"file\":\"control/", d->route.file, "\"",
		    (char *)NULL);
		put_member(sa, "line", d->route.line);
		text_cat(sa, "}", (char *)NULL);
	}
	if (d != NULL)
		put_own(sa, d);
	text_cat(sa, ",\"hosts\":[", (char *)NULL);
}

static void
put_addresses(stralloc *sa, const struct target *target)
{
	char ip[IPADDRESS_TEXT_MAX];

	text_cat(sa, ",\"addresses\":[", (char *)NULL);
	for (size_t i = 0; i < target->n; i++)
		text_cat(sa, i == 0 ? "\"" : ",\"", ipaddress_text(ip, target->ip[i]),
		    "\"", (char *)NULL);
	text_cat(sa, "]", (char *)NULL);
}

static void
put_security(stralloc *sa, const struct target *target)
{
	const struct way_security *s = target->security;
	const char *why;

	text_cat(sa, ",\"tls\":{", (char *)NULL);
	json_put_pair(sa, "level", way_security_word(s->level));
	if (s->min_version > 0)
		put_member(sa, "min", s->min_version == 13 ? "1.3" : "1.2");
	put_list(sa, "names", &s->names);
	put_list(sa, "fingerprints", &s->fingerprints);
	put_member(sa, "why", s->why.len > 0 ? s->why.s : "");
	put_member(sa, "policy_domain", s->domain);
	text_cat(sa, "},\"dane\":{\"signed\":", target->is_secure ? "true" : "false",
	    (char *)NULL);
	put_truth(sa, "usable", s->tlsa.len > 0 && !s->is_unusable);
	put_list(sa, "tlsa", &s->tlsa);
	text_cat(sa, "},\"sts\":{", (char *)NULL);
	json_put_pair(sa, "mode", route_facts_sts(target, &why));
	if (why != NULL)
		put_member(sa, "why", why);
	put_member(sa, "id", s->sts_id);
	put_truth(sa, "fits", s->sts_fits);
	text_cat(sa, "}", (char *)NULL);
}

void
route_json_host(
    stralloc *sa, const struct destination *d, const struct target *target, int is_first)
{
	const char *why, *password = route_facts_password(target, &why);

	text_cat(sa, is_first ? "{" : ",{", (char *)NULL);
	json_put_pair(sa, "host", target->host);
	if (target->port > 0)
		json_put_count(sa, "port", target->port);
	put_member(sa, "protocol", route_facts_kind(target));
	put_truth(sa, "mx", target->is_mx);
	if (target->has_preference)
		json_put_count(sa, "preference", target->preference);
	put_addresses(sa, target);
	put_security(sa, target);
	put_member(sa, "password", password);
	if (why != NULL)
		put_member(sa, "password_why", why);
	put_outcome(sa, "fault", &d->refusal);
	text_cat(sa, "}", (char *)NULL);
}

void
route_json_end(stralloc *sa, const struct outcome *fault)
{
	text_cat(sa, "]", (char *)NULL);
	put_outcome(sa, "fault", fault);
	text_cat(sa, "}\n", (char *)NULL);
}
