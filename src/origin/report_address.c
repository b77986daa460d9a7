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
	unsigned long long limit;
	char host[TREE_DOMAIN_MAX + 1];
};

/* The next address that has a domain; 0 at the end. */
static int
next_target(struct target *target, const char *rua, size_t len, size_t *at)
{
	size_t domain;

	while (dmarc_uri_address(rua, len, at, &target->address, &target->limit)) {
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

/* Add target, unless it is there. */
static void
put(struct report_addresses *addresses, const struct target *target)
{
	struct report_target *to;
	size_t i;

	for (i = 0; i < addresses->n; i++) {
		to = &addresses->list[i];
		if (to->address.len == target->address.len + 1 &&
		    memcmp(to->address.s, target->address.s, target->address.len) == 0)
			return;
	}
	if (i == REPORT_ADDRESSES_MAX)
		return;
	to = &addresses->list[addresses->n++];
	to->limit = target->limit;
	text_setb(&to->address, target->address.s, target->address.len);
	text_catb(&to->address, "", 1);
}

/* Add the addresses of rua, if all are in host. */
static void
put_override(struct report_addresses *addresses, const struct dmarc_record *record,
    const char *host)
{
	struct target target = {0};
	size_t at = 0;
	int r = 1;

	while (r && next_target(&target, record->rua, record->rua_len, &at))
		r = strcmp(target.host, host) == 0;
	at = 0;
	while (r && next_target(&target, record->rua, record->rua_len, &at))
		put(addresses, &target);
	stralloc_free(&target.address);
}

/* Add target, or what it wants instead, if it takes reports.  Returns 0; -1: not known.
 */
static int
put_external(struct report_addresses *addresses, struct answers *answers,
    const struct target *target, const char *domain)
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
			put_override(addresses, &record, target->host);
		else
			put(addresses, target);
		return 0;
	}
	return 0;
}

int
report_address_find(struct report_addresses *addresses, struct answers *answers,
    const char *domain, const char *rua, size_t len)
{
	struct target target = {0};
	size_t at = 0, n = 0;
	int r = 0, same;

	while (n++ < REPORT_ADDRESSES_MAX && next_target(&target, rua, len, &at)) {
		same = dmarc_same_organisation(answers, domain, target.host);
		if (same == 1)
			put(addresses, &target);
		if (same == -1 || (same == 0 && put_external(addresses, answers, &target,
						    domain) == -1))
			r = -1;
	}
	stralloc_free(&target.address);
	return r;
}

void
report_address_fit(struct report_addresses *addresses, size_t size)
{
	struct report_target spare;
	size_t i, n = 0;

	for (i = 0; i < addresses->n; i++) {
		spare = addresses->list[i];
		if (spare.limit != 0 && spare.limit < size)
			continue;
		addresses->list[i] = addresses->list[n];
		addresses->list[n++] = spare;
	}
	for (i = n; i < addresses->n; i++)
		stralloc_free(&addresses->list[i].address);
	addresses->n = n;
}

void
report_address_free(struct report_addresses *addresses)
{
	size_t i;

	for (i = 0; i < addresses->n; i++)
		stralloc_free(&addresses->list[i].address);
	memset(addresses, 0, sizeof *addresses);
}
