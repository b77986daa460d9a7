#include <string.h>

#include "lib/address.h"
#include "lib/domain_form.h"
#include "lib/text.h"
#include "lib/utf8.h"
#include "spf/spf_evaluate.h"
#include "spf/spf_evaluation.h"
#include "spf/spf_explain.h"
#include "spf/spf_mechanism.h"
#include "spf/spf_record.h"

static enum spf_result
of_qualifier(char qualifier)
{
	switch (qualifier) {
	case '-':
		return SPF_FAIL;
	case '~':
		return SPF_SOFTFAIL;
	case '?':
		return SPF_NEUTRAL;
	default:
		return SPF_PASS;
	}
}

/* The one SPF record of the domain: RFC 7208, 4.4 and 4.5.  Null with *result. */
static const char *
find_record(
    struct spf_evaluation *e, const char *domain, size_t *len, enum spf_result *result)
{
	const struct dns_answer *answer =
	    spf_evaluation_ask_freely(e, "TXT", domain, result);
	const char *s, *found = NULL;
	struct dns_answer all;
	size_t size;

	if (answer == NULL)
		return NULL;
	for (all = *answer; dns_answer_next(&all, &s, &size);) {
		if (!spf_record_is(s, size))
			continue;
		if (found != NULL) {
			*result = spf_evaluation_fault(
			    e, SPF_PERMERROR, "the domain has several SPF records");
			return NULL;
		}
		found = s;
		*len = size;
	}
	*result = SPF_NONE;
	return found;
}

/* The first modifier of a kind in a record that is well-formed.  Returns 1, or 0. */
static int
find_modifier(
    const char *s, size_t len, enum spf_record_kind kind, struct spf_record_term *term)
{
	size_t at = 0;

	while (spf_record_next(s, len, &at, term) == 1)
		if (term->kind == kind)
			return 1;
	return 0;
}

/* Is all of the record well-formed?  Else the verdict says which term is not. */
static int
is_sound(struct spf_evaluation *e, const char *s, size_t len)
{
	struct spf_record_term term;
	int redirects = 0, explanations = 0, r;
	size_t at = 0;

	while ((r = spf_record_next(s, len, &at, &term)) == 1) {
		redirects += term.kind == SPF_RECORD_REDIRECT;
		explanations += term.kind == SPF_RECORD_EXP;
		if (redirects > 1 || explanations > 1)
			break;
	}
	if (r == 0)
		return 1;
	text_setb(&e->verdict->mechanism, term.text, term.text_len);
	return 0;
}

static enum spf_result
redirect(struct spf_evaluation *e, const char *s, size_t len, int is_included)
{
	struct spf_record_term term;
	enum spf_result result = SPF_NONE;
	stralloc name = {0};
	int r;

	if (!find_modifier(s, len, SPF_RECORD_REDIRECT, &term))
		return SPF_NEUTRAL;
	if (spf_evaluation_count(e) == -1)
		return spf_evaluation_fault(
		    e, SPF_PERMERROR, "too many terms ask the DNS");
	r = spf_evaluation_expand(e, &name, term.spec, term.spec_len, &result);
	if (r == 1)
		result = e->check_host(e, name.s, is_included);
	if (r != -1 && result == SPF_NONE)
		result = spf_evaluation_fault(
		    e, SPF_PERMERROR, "a redirect leads to no SPF record");
	stralloc_free(&name);
	return result;
}

/* RFC 7208, 4.6.2: the mechanisms in their order. */
static enum spf_result
evaluate(struct spf_evaluation *e, const char *s, size_t len, int is_included)
{
	struct spf_record_term term, exp;
	enum spf_result result = SPF_NONE;
	size_t at = 0;
	int r;

	while (spf_record_next(s, len, &at, &term) == 1) {
		if (term.kind >= SPF_RECORD_REDIRECT)
			continue;
		r = spf_mechanism_matches(e, &term, &result);
		if (r == 0)
			continue;
		if (r == -1 && e->verdict->mechanism.len == 0)
			text_setb(&e->verdict->mechanism, term.text, term.text_len);
		if (r == -1)
			return result;
		text_setb(&e->verdict->mechanism, term.text, term.text_len);
		result = of_qualifier(term.qualifier);
		if (result == SPF_FAIL && !is_included &&
		    find_modifier(s, len, SPF_RECORD_EXP, &exp))
			return spf_explain(e, &exp);
		return result;
	}
	e->verdict->mechanism.len = 0;
	return redirect(e, s, len, is_included);
}

static enum spf_result
check_host(struct spf_evaluation *e, const char *domain, int is_included)
{
	enum spf_result result;
	size_t len = 0;
	const char *s = find_record(e, domain, &len, &result);

	if (s == NULL)
		return result;
	if (!is_sound(e, s, len))
		return spf_evaluation_fault(
		    e, SPF_PERMERROR, "an SPF record is malformed");
	e->values.domain = domain;
	return evaluate(e, s, len, is_included);
}

/* Is it a domain of several labels: RFC 7208, 4.3? */
static int
is_checkable(const stralloc *domain)
{
	return domain->len > 0 && domain->s[0] != '[' &&
	       memchr(domain->s, '.', domain->len) != NULL &&
	       utf8_is_ascii(domain->s, domain->len);
}

void
spf_evaluate(const struct spf_question *question, struct spf_verdict *verdict)
{
	struct spf_evaluation e = {
	    .question = question, .verdict = verdict, .check_host = check_host};
	size_t len = strlen(question->sender), at = address_domain(question->sender, len);
	stralloc local = {0}, sender = {0};

	verdict->domain.len = verdict->mechanism.len = verdict->explanation.len = 0;
	verdict->problem = NULL;
	text_setb(&local, at > 1 ? question->sender : "postmaster", at > 1 ? at - 1 : 10);
	if (!domain_form_other(&verdict->domain, question->sender + at, len - at) ||
	    utf8_is_ascii(question->sender + at, len - at))
		text_setb(&verdict->domain, question->sender + at, len - at);
	if (verdict->domain.len > 0 && verdict->domain.s[verdict->domain.len - 1] == '.')
		verdict->domain.len--;
	text_terminate(&verdict->domain);
	text_cat(&sender, local.s, "@", verdict->domain.s, (char *)NULL);
	text_terminate(&sender);
	e.is_utf8 = !utf8_is_ascii(local.s, local.len);
	e.values = (struct spf_expand_values){.sender = sender.s,
	    .local = local.s,
	    .sender_domain = verdict->domain.s,
	    .domain = verdict->domain.s,
	    .validated = "unknown",
	    .helo = question->helo,
	    .receiver = question->receiver,
	    .time = question->time};
	memcpy(e.values.ip, question->ip, sizeof(e.values.ip));
	verdict->result = is_checkable(&verdict->domain)
			      ? check_host(&e, verdict->domain.s, 0)
			      : SPF_NONE;
	text_terminate(&verdict->mechanism);
	text_terminate(&verdict->explanation);
	stralloc_free(&local);
	stralloc_free(&sender);
	stralloc_free(&e.validated);
}

void
spf_evaluate_free(struct spf_verdict *verdict)
{
	stralloc_free(&verdict->domain);
	stralloc_free(&verdict->mechanism);
	stralloc_free(&verdict->explanation);
	memset(verdict, 0, sizeof(*verdict));
}

const char *
spf_evaluate_name(enum spf_result result)
{
	static const char *const names[] = {"none", "neutral", "pass", "fail", "softfail",
	    "temperror", "permerror", "pending"};

	return names[result];
}
