#include "spf/spf_mechanism.h"
#include "lib/text.h"

static size_t
count_records(struct dns_answer all)
{
	const char *s;
	size_t len, n = 0;

	while (dns_answer_next(&all, &s, &len))
		n++;
	return n;
}

/* Do the addresses of the servers that the domain's MX records name match? */
static int
match_mx(struct spf_evaluation *e, const char *name, const struct spf_record_term *t,
    enum spf_result *result)
{
	const struct dns_answer *answer = spf_evaluation_ask(e, "MX", name, result);
	int r = 0, is_pending = 0;
	unsigned preference;
	stralloc host = {0};
	struct dns_answer all;
	const char *s, *end;
	size_t len;

	if (answer == NULL)
		return *result == SPF_NONE ? 0 : -1;
	all = *answer;
	if (count_records(all) > SPF_EVALUATE_NAMES) {
		*result = spf_evaluation_fault(
		    e, SPF_PERMERROR, "a domain has too many MX records");
		return -1;
	}
	while (r != 1 && (r != -1 || is_pending) && dns_answer_next(&all, &s, &len)) {
		end = s + len;
		s = dns_answer_mx(s, len, &preference);
		if (s == NULL || s == end)
			continue;
		text_setb(&host, s, (size_t)(end - s));
		/* all are asked for at the same time */
		r = spf_evaluation_has_address(e, host.s, t->bits4, t->bits6, result);
		is_pending |= r == -1 && *result == SPF_PENDING;
	}
	stralloc_free(&host);
	if (!is_pending)
		return r;
	*result = SPF_PENDING;
	return -1;
}

/* The result of the included record is a match, or none: RFC 7208, 5.2. */
static int
match_include(struct spf_evaluation *e, const char *name, enum spf_result *result)
{
	const char *outer = e->values.domain;

	*result = e->check_host(e, name, 1);
	e->values.domain = outer;
	switch (*result) {
	case SPF_PASS:
		return 1;
	case SPF_FAIL:
	case SPF_SOFTFAIL:
	case SPF_NEUTRAL:
		return 0;
	case SPF_NONE:
		*result = spf_evaluation_fault(
		    e, SPF_PERMERROR, "an included domain has no SPF record");
		return -1;
	default:
		return -1;
	}
}

/* A mechanism that asks the DNS. */
static int
match_name(struct spf_evaluation *e, const struct spf_record_term *t, const char *name,
    enum spf_result *result)
{
	switch (t->kind) {
	case SPF_RECORD_INCLUDE:
		return match_include(e, name, result);
	case SPF_RECORD_A:
		return spf_evaluation_has_address(e, name, t->bits4, t->bits6, result);
	case SPF_RECORD_MX:
		return match_mx(e, name, t, result);
	case SPF_RECORD_PTR:
		return spf_evaluation_has_name(e, name, NULL, result);
	default: /* exists */
		if (spf_evaluation_ask(e, "A", name, result) != NULL)
			return 1;
		return *result == SPF_NONE ? 0 : -1;
	}
}

int
spf_mechanism_matches(
    struct spf_evaluation *e, const struct spf_record_term *t, enum spf_result *result)
{
	stralloc name = {0};
	int r = 1;

	if (t->kind == SPF_RECORD_ALL)
		return 1;
	if (t->kind == SPF_RECORD_IP4 || t->kind == SPF_RECORD_IP6)
		return spf_evaluation_is_v4(t->ip) == (t->kind == SPF_RECORD_IP4) &&
		       spf_evaluation_is_client(e, t->ip, t->bits4, t->bits6);
	if (spf_evaluation_count(e) == -1) {
		*result =
		    spf_evaluation_fault(e, SPF_PERMERROR, "too many terms ask the DNS");
		return -1;
	}
	if (t->spec_len > 0)
		r = spf_evaluation_expand(e, &name, t->spec, t->spec_len, result);
	else
		text_set(&name, e->values.domain);
	if (r == 1)
		r = match_name(e, t, name.s, result);
	stralloc_free(&name);
	return r;
}
