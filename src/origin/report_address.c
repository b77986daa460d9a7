#include <string.h>

#include "dmarc/dmarc.h"
#include "dmarc/dmarc_uri.h"
#include "lib/address.h"
#include "lib/text.h"
#include "origin/author.h"
#include "origin/report_address.h"

/* An address, and the domain that it is in. */
struct target {
	stralloc address;
	char host[TREE_DOMAIN_MAX + 1];
};

/* The next address that has a domain; 0 at the end. */
static int
next_target(struct target *target, const char *rua, size_t len, size_t *at)
{
	size_t domain;

	while (dmarc_uri_address(rua, len, at, &target->address)) {
		domain = address_domain(target->address.s, target->address.len);
		if (author_domain(target->host, target->address.s + domain,
			target->address.len - domain) == 0)
			return 1;
	}
	return 0;
}

/* The name at which host says that it takes reports on domain; 0 when it is too long. */
static int
permission_name(char name[ANSWERS_NAME_MAX], const char *domain, const char *host)
{
	stralloc sa = {0};
	int r;

	text_cat(&sa, domain, "._report._dmarc.", host, (char *)NULL);
	r = sa.len <= TREE_DOMAIN_MAX && text_copy(name, ANSWERS_NAME_MAX, sa.s, sa.len);
	stralloc_free(&sa);
	return r;
}

void
report_address_want(
    struct answers *answers, const char *domain, const char *rua, size_t len)
{
	struct target target = {0};
	char name[ANSWERS_NAME_MAX];
	size_t at = 0, n = 0;

	dmarc_want_policy(answers, domain);
	while (n++ < REPORT_ADDRESSES_MAX && next_target(&target, rua, len, &at)) {
		if (strcmp(target.host, domain) == 0)
			continue;
		dmarc_want_policy(answers, target.host);
		if (permission_name(name, domain, target.host))
			answers_want(answers, ANSWER_TEXT, name);
	}
	stralloc_free(&target.address);
}

/* Are all addresses of rua in host?  They are appended to addresses then. */
static int
put_override(stralloc *addresses, const char *rua, size_t len, const char *host)
{
	struct target target = {0};
	size_t at = 0, begin = addresses->len;
	int r = 1;

	while (r && next_target(&target, rua, len, &at)) {
		r = strcmp(target.host, host) == 0;
		text_catb(addresses, target.address.s, target.address.len);
		text_catb(addresses, "", 1);
	}
	if (!r)
		addresses->len = begin;
	stralloc_free(&target.address);
	return r && addresses->len > begin;
}

/* Append target, or what it wants instead, if it takes reports.  -1: not known. */
static int
put_external(stralloc *addresses, struct answers *answers, const struct target *target,
    const char *domain)
{
	struct dmarc_record record;
	const struct answer *answer;
	char name[ANSWERS_NAME_MAX];
	size_t at, len;

	if (!permission_name(name, domain, target->host))
		return 0;
	answer = answers_find(answers, ANSWER_TEXT, name);
	if (answer == NULL || answer->state == ANSWER_FAILED)
		return -1;
	for (at = 0; at < answer->text.len; at += len + 1) {
		len = strlen(answer->text.s + at);
		if (!dmarc_record_parse(&record, answer->text.s + at, len))
			continue;
		if (record.rua != NULL)
			return put_override(
			    addresses, record.rua, record.rua_len, target->host);
		text_catb(addresses, target->address.s, target->address.len);
		text_catb(addresses, "", 1);
		return 1;
	}
	return 0;
}

int
report_address_find(stralloc *addresses, struct answers *answers, const char *domain,
    const char *rua, size_t len)
{
	struct target target = {0};
	size_t at = 0, n = 0;
	int r = 0, same;

	while (n++ < REPORT_ADDRESSES_MAX && next_target(&target, rua, len, &at)) {
		same = dmarc_same_organisation(answers, domain, target.host);
		if (same == 1) {
			text_catb(addresses, target.address.s, target.address.len);
			text_catb(addresses, "", 1);
		}
		if (same == -1 || (same == 0 && put_external(addresses, answers, &target,
						    domain) == -1))
			r = -1;
	}
	stralloc_free(&target.address);
	return r;
}
