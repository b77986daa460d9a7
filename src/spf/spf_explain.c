#include "spf/spf_explain.h"
#include "lib/text.h"
#include "lib/utf8.h"
#include "spf/spf_macro.h"

#define EXPLANATION_MAX 500 /* bytes that are shown */

enum spf_result
spf_explain(struct spf_evaluation *e, const struct spf_record_term *exp)
{
	const struct dns_answer *answer;
	enum spf_result result = SPF_NONE;
	stralloc name = {0}, *text = &e->verdict->explanation;
	const char *s, *another, *problem = e->verdict->problem;
	struct dns_answer all;
	size_t len, size;
	int r = spf_evaluation_expand(e, &name, exp->spec, exp->spec_len, &result);

	answer = r == 1 ? spf_evaluation_ask_freely(e, "TXT", name.s, &result) : NULL;
	e->verdict->problem = problem;
	stralloc_free(&name);
	if (answer == NULL)
		return result == SPF_PENDING ? SPF_PENDING : SPF_FAIL;
	all = *answer;
	if (!dns_answer_next(&all, &s, &len) || dns_answer_next(&all, &another, &size) ||
	    !spf_macro_is_explanation(s, len))
		return SPF_FAIL;
	if (spf_macro_uses(s, len, "p")) {
		r = spf_evaluation_has_name(e, NULL, &e->validated, &result);
		if (r == -1)
			return SPF_PENDING;
		if (r == 0)
			text_set(&e->validated, "unknown");
		e->values.validated = e->validated.s;
	}
	spf_expand(text, s, len, &e->values);
	/* a peer's words: they are shown in ASCII, and in a line */
	if (!utf8_is_ascii(text->s, text->len))
		text->len = 0;
	if (text->len > EXPLANATION_MAX)
		text->len = EXPLANATION_MAX;
	return SPF_FAIL;
}
