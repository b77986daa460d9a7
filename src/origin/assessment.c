#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "dmarc/look_up.h"
#include "lib/deadline.h"
#include "lib/text.h"
#include "origin/assessment.h"
#include "origin/results_field.h"

_Static_assert(ANSWERS_MAX >= AUTHOR_DOMAINS_MAX * (TREE_NAMES_MAX + 1) +
				  VERIFY_SIGNATURES +
				  (VERIFY_SIGNATURES + 1) * TREE_NAMES_MAX,
    "the walks of the authors and whether these exist, the keys, the walks of all "
    "identifiers");

/* What spf-check has told through smtp-recv; nothing when it is not there. */
static void
take_spf(struct assessment_spf *spf)
{
	static const char *const results[] = {
	    "pass", "fail", "softfail", "neutral", "none", "temperror", "permerror"};
	const char *result = getenv("SPF_RESULT"), *domain = getenv("SPF_DOMAIN");
	const char *identity = getenv("SPF_IDENTITY"), *sender = getenv("SENDER");
	size_t i;

	spf->result = NULL;
	for (i = 0; result != NULL && i < sizeof results / sizeof *results; i++)
		if (strcmp(result, results[i]) == 0)
			spf->result = results[i];
	if (domain == NULL || author_domain(spf->domain, domain, strlen(domain)) == -1)
		*spf->domain = '\0';
	spf->identity =
	    identity != NULL && strcmp(identity, "helo") == 0 ? "helo" : "mailfrom";
	/* An empty sender stands for postmaster of the client's name: RFC 7208, 2.4. */
	spf->is_mailfrom =
	    strcmp(spf->identity, "mailfrom") == 0 || (sender != NULL && *sender == '\0');
}

void
assessment_ask(struct assessment *a, const struct incoming *in)
{
	char name[VERIFY_QUESTION_MAX];
	size_t i;

	a->until = deadline_now() + ASSESSMENT_SECONDS * 1000;
	take_spf(&a->spf);
	author_find(&a->author, in->from.s, in->from.len);
	a->author.has_more |= in->is_from_cut; /* perhaps */
	for (i = 0; i < a->author.n; i++)
		dmarc_want_policy(&a->answers, a->author.domains[i]);
	for (i = 0; i < a->verify.count; i++)
		if (verify_question(&a->verify, i, name))
			answers_want(&a->answers, ANSWER_TEXT, name);
	look_up_ask(&a->dns, &a->answers, a->until);
}

/* Give the signature the key that the DNS has. */
static void
give_key(struct assessment *a, size_t i)
{
	char name[VERIFY_QUESTION_MAX];
	const struct answer *answer;
	size_t at, len;

	if (!verify_question(&a->verify, i, name))
		return;
	if (strlen(name) > SIGNATURE_DOMAIN_MAX) {
		/* the DNS has no such names: the signer says so, not the DNS */
		verify_lacks(&a->verify, i, VERIFY_NO_RECORD);
		return;
	}
	answer = answers_find(&a->answers, ANSWER_TEXT, name);
	if (answer == NULL || answer->state == ANSWER_FAILED) {
		verify_lacks(&a->verify, i, VERIFY_NO_ANSWER);
		return;
	}
	for (at = 0; at < answer->text.len; at += len + 1) {
		len = strlen(answer->text.s + at);
		verify_answer(&a->verify, i, answer->text.s + at, len);
	}
	verify_lacks(&a->verify, i, VERIFY_NO_RECORD);
}

/*
 * A signature that leaves out what may be added to the body tells nothing of the
 * message as a whole.
 */
static void
add_signature(struct assessment *a, const struct verify_result *result)
{
	if (result->signature.has_limit || *result->signature.domain == '\0')
		return;
	a->identifiers[a->n++] =
	    (struct dmarc_identifier){.domain = result->signature.domain,
		.state = result->verdict == VERIFY_PASS        ? DMARC_SHOWN
			 : result->verdict == VERIFY_TEMPERROR ? DMARC_NOT_KNOWN
							       : DMARC_NOT_SHOWN};
}

/*
 * Without SPF's result nobody knows what it would have been: for the author's domain it
 * may have been good.
 */
static void
add_spf(struct assessment *a)
{
	const struct assessment_spf *spf = &a->spf;
	struct dmarc_identifier *identifier = &a->identifiers[a->n];

	*identifier = (struct dmarc_identifier){.domain = spf->domain, .is_spf = 1};
	if (spf->result == NULL) {
		if (a->author.n == 0)
			return;
		identifier->domain = a->author.domains[0];
		identifier->state = DMARC_NOT_KNOWN;
	} else if (*spf->domain == '\0' || !spf->is_mailfrom) {
		return;
	} else if (strcmp(spf->result, "pass") == 0) {
		identifier->state = DMARC_SHOWN;
	} else {
		identifier->state = strcmp(spf->result, "temperror") == 0
					? DMARC_NOT_KNOWN
					: DMARC_NOT_SHOWN;
	}
	a->n++;
}

/* How bad it is. */
static int
weigh(const struct dmarc_result *result)
{
	switch (result->outcome) {
	case DMARC_FAIL:
		return 10 + (int)result->policy;
	case DMARC_TEMPERROR:
		return 3;
	case DMARC_PERMERROR:
		return 2;
	case DMARC_NO_RECORD:
		return 1;
	default:
		return 0;
	}
}

void
assessment_end(struct assessment *a)
{
	if (!a->is_over)
		verify_end(&a->verify, time(NULL));
	a->is_over = 1;
}

void
assessment_conclude(struct assessment *a)
{
	size_t i;

	look_up_wait(&a->dns, &a->answers, a->until);
	assessment_end(a);
	for (i = 0; i < a->verify.count; i++)
		give_key(a, i);
	verify_conclude(&a->verify);
	for (i = 0; i < a->verify.count; i++)
		add_signature(a, &a->verify.results[i]);
	add_spf(a);
	for (i = 0; i < a->author.n; i++)
		dmarc_want_rest(&a->answers, a->author.domains[i], a->identifiers, a->n);
	look_up_ask(&a->dns, &a->answers, a->until);
	look_up_wait(&a->dns, &a->answers, a->until);
	for (i = 0; i < a->author.n; i++) {
		dmarc_judge(&a->results[i], &a->answers, a->author.domains[i],
		    a->identifiers, a->n);
		if (a->worst == NULL || weigh(&a->results[i]) > weigh(a->worst))
			a->worst = &a->results[i];
	}
	a->judged = a->author.n;
}

/* Why nobody can tell whose the message says to be, or null. */
static const char *
why_unclear(const struct assessment *a)
{
	if (a->author.has_more)
		return "too many domains in the From field";
	return a->author.is_unreadable ? "no readable domain in the From field" : NULL;
}

enum dmarc_policy
assessment_disposition(
    const struct assessment *a, enum assessment_mode mode, stralloc *reason)
{
	if (mode != ASSESSMENT_REJECT || a->exempt != NULL)
		return DMARC_NONE;
	if (why_unclear(a) != NULL) {
		if (reason != NULL) {
			text_set(reason, "550 5.7.1 ");
			text_cat(reason, why_unclear(a), (char *)NULL);
			text_terminate(reason);
		}
		return DMARC_REJECT;
	}
	if (a->worst == NULL || a->worst->outcome != DMARC_FAIL)
		return DMARC_NONE;
	if (a->worst->policy == DMARC_REJECT && reason != NULL) {
		reason->len = 0;
		text_cat(reason, "550 5.7.26 not from ", a->worst->author,
		    " as far as SPF and DKIM show, and the DMARC policy of ",
		    a->worst->domain, " is to reject that", (char *)NULL);
		text_terminate(reason);
	}
	return a->worst->policy;
}

static void
put_signature(stralloc *field, const struct verify_result *result)
{
	const struct signature *s = &result->signature;
	char b[9] = "", limit[DECIMAL_MAX];
	size_t len = 0;
	const char *at;

	results_field_method(field, "dkim",
	    result->verdict == VERIFY_PASS && verify_is_partial(result)
		? "policy"
		: verify_word(result->verdict));
	results_field_reason(field, result->reason);
	if (s->has_limit) {
		stralloc said = {0};

		text_cat(&said, "l=", text_decimal(limit, s->limit),
		    verify_is_partial(result) ? ", not all of the body" : "",
		    (char *)NULL);
		text_terminate(&said);
		results_field_reason(field, said.s);
		stralloc_free(&said);
	}
	if (result->is_testing)
		results_field_reason(field, "t=y");
	results_field_property(field, "header", "d", s->domain);
	results_field_property(field, "header", "s", s->selector);
	if (s->algorithm != SIGNATURE_UNKNOWN && *s->domain)
		results_field_property(
		    field, "header", "a", signature_algorithm_name(s->algorithm));
	for (at = s->begin; at != NULL && at < s->end && len + 1 < sizeof b; at++)
		if (*at > ' ')
			b[len++] = *at;
	results_field_property(field, "header", "b", b);
}

static void
put_dmarc(const struct assessment *a, stralloc *field)
{
	const struct dmarc_result *worst = a->worst;

	if (why_unclear(a) != NULL) {
		results_field_method(field, "dmarc", "permerror");
		results_field_reason(field, why_unclear(a));
		return;
	}
	if (worst == NULL) {
		results_field_method(field, "dmarc", "none");
		results_field_reason(field, "no domain in a From field");
		return;
	}
	results_field_method(field, "dmarc", dmarc_outcome_word(worst->outcome));
	if (a->author.is_malformed)
		results_field_reason(field, "malformed From field");
	else if (a->judged > 1)
		results_field_reason(field, "the worst of several domains");
	if (a->exempt != NULL && worst->outcome == DMARC_FAIL)
		results_field_reason(field, "exempt");
	if (worst->record != NULL && worst->outcome != DMARC_PERMERROR)
		results_field_property(
		    field, "polrec", "p", dmarc_record_word(worst->published));
	if (worst->domain != NULL && strcmp(worst->domain, worst->author) != 0)
		results_field_property(field, "polrec", "domain", worst->domain);
	results_field_property(field, "header", "from", worst->author);
}

void
assessment_put_field(const struct assessment *a, stralloc *field, const char *name)
{
	size_t i;

	results_field_begin(field, name);
	if (a->spf.result != NULL) {
		results_field_method(field, "spf", a->spf.result);
		results_field_property(field, "smtp", a->spf.identity, a->spf.domain);
	}
	if (a->verify.count == 0)
		results_field_method(field, "dkim", "none");
	for (i = 0; i < a->verify.count; i++)
		put_signature(field, &a->verify.results[i]);
	put_dmarc(a, field);
	results_field_end(field, 1);
}

void
assessment_clear(struct assessment *a)
{
	verify_free(&a->verify);
	answers_clear(&a->answers);
	a->is_over = 0;
	a->n = a->judged = 0;
	a->worst = NULL;
	a->exempt = NULL;
}
