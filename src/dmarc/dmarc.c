#include <string.h>

#include "dmarc/dmarc.h"

const char *
dmarc_outcome_word(enum dmarc_outcome outcome)
{
	static const char *const words[] = {
	    "pass", "fail", "none", "temperror", "permerror"};

	return words[outcome];
}

void
dmarc_want_policy(struct answers *answers, const char *author)
{
	struct tree_walk walk;
	size_t i;

	if (tree_walk_plan(&walk, author, strlen(author)) == -1)
		return;
	for (i = 0; i < walk.n; i++)
		answers_want(answers, ANSWER_POLICY, walk.names[i]);
}

/* What was found on the walk. */
static void
collect(struct answers *answers, const struct tree_walk *walk,
    struct tree_found found[TREE_NAMES_MAX])
{
	const struct answer *answer;
	size_t i;

	for (i = 0; i < walk->n; i++) {
		answer = answers_find(answers, ANSWER_POLICY, walk->names[i]);
		found[i].record = NULL;
		found[i].state = TREE_UNKNOWN;
		if (answer == NULL)
			continue;
		if (answer->state == ANSWER_FOUND) {
			found[i].state = TREE_FOUND;
			found[i].record = &answer->record;
		} else if (answer->state == ANSWER_NO_NAME ||
			   answer->state == ANSWER_NOTHING) {
			found[i].state = TREE_NOTHING;
		}
	}
}

/* A domain whose policy is looked for, and its walk. */
struct search {
	struct tree_walk walk;
	struct tree_found found[TREE_NAMES_MAX];
	enum tree_state state;
	size_t index; /* of the name whose record applies */
};

static void
search(struct search *s, struct answers *answers, const char *author)
{
	s->index = 0;
	s->state = TREE_NOTHING;
	if (tree_walk_plan(&s->walk, author, strlen(author)) == -1)
		return;
	collect(answers, &s->walk, s->found);
	s->state = tree_walk_policy(&s->walk, s->found, &s->index);
}

static int
is_strict(const struct dmarc_record *record, const struct dmarc_identifier *identifier)
{
	return (identifier->is_spf ? record->aspf : record->adkim) == 's';
}

/*
 * Can it be aligned, as far as its name tells: is it the author's domain, or in relaxed
 * mode one that may have the same organizational domain, organisation?
 */
static int
may_align(const struct dmarc_identifier *identifier, const struct search *s,
    const char *organisation)
{
	const struct dmarc_record *record = s->found[s->index].record;

	if (strcmp(identifier->domain, s->walk.domain) == 0)
		return 1;
	return !is_strict(record, identifier) &&
	       (organisation == NULL ||
		   tree_walk_is_below(identifier->domain, organisation));
}

void
dmarc_want_rest(struct answers *answers, const char *author,
    const struct dmarc_identifier *identifiers, size_t n)
{
	const struct dmarc_record *record;
	const char *organisation;
	struct search s;
	size_t i;

	search(&s, answers, author);
	if (s.state != TREE_FOUND)
		return;
	record = s.found[s.index].record;
	if (s.index > 0 && record->np != DMARC_UNSET)
		answers_want(answers, ANSWER_EXISTS, s.walk.domain);
	organisation = tree_walk_organisation(&s.walk, s.found);
	for (i = 0; i < n && organisation != NULL; i++)
		if (identifiers[i].state != DMARC_NOT_SHOWN &&
		    strcmp(identifiers[i].domain, s.walk.domain) != 0 &&
		    may_align(&identifiers[i], &s, organisation))
			dmarc_want_policy(answers, identifiers[i].domain);
}

/* Is it aligned?  1, 0, or -1 when that is not known. */
static int
is_aligned(const struct dmarc_identifier *identifier, const struct search *s,
    struct answers *answers, const char *organisation)
{
	struct tree_found found[TREE_NAMES_MAX];
	struct tree_walk walk;
	const char *other;

	if (!may_align(identifier, s, organisation))
		return 0;
	if (strcmp(identifier->domain, s->walk.domain) == 0)
		return 1;
	if (organisation == NULL)
		return -1;
	if (tree_walk_plan(&walk, identifier->domain, strlen(identifier->domain)) == -1)
		return 0;
	collect(answers, &walk, found);
	other = tree_walk_organisation(&walk, found);
	return other == NULL ? -1 : strcmp(other, organisation) == 0;
}

int
dmarc_same_organisation(struct answers *answers, const char *one, const char *other)
{
	struct tree_found found[TREE_NAMES_MAX];
	struct tree_walk walks[2];
	const char *domains[2];

	if (strcmp(one, other) == 0)
		return 1;
	if (tree_walk_plan(&walks[0], one, strlen(one)) == -1 ||
	    tree_walk_plan(&walks[1], other, strlen(other)) == -1)
		return 0;
	collect(answers, &walks[0], found);
	domains[0] = tree_walk_organisation(&walks[0], found);
	collect(answers, &walks[1], found);
	domains[1] = tree_walk_organisation(&walks[1], found);
	if (domains[0] == NULL || domains[1] == NULL)
		return -1;
	return strcmp(domains[0], domains[1]) == 0;
}

/* Align them all.  Returns 1 when one of them shows where the message comes from, 0, or
 * -1 when that is not known. */
static int
align(struct dmarc_result *result, struct answers *answers, const struct search *s,
    struct dmarc_identifier *identifiers, size_t n)
{
	const char *organisation = tree_walk_organisation(&s->walk, s->found);
	int r, passed = 0, unknown = 0;
	size_t i;

	for (i = 0; i < n; i++) {
		identifiers[i].is_aligned = 0;
		if (identifiers[i].state == DMARC_NOT_SHOWN)
			continue;
		r = is_aligned(&identifiers[i], s, answers, organisation);
		if (r == 0)
			continue;
		if (r == -1 || identifiers[i].state == DMARC_NOT_KNOWN) {
			unknown = 1;
			continue;
		}
		identifiers[i].is_aligned = passed = 1;
		if (identifiers[i].is_spf)
			result->is_spf_aligned = 1;
		else
			result->is_dkim_aligned = 1;
	}
	return passed ? 1 : unknown ? -1 : 0;
}

/* What the record says of the domain of s.  Returns 0, or -1 when that is not known. */
static int
find_published(
    struct dmarc_result *result, struct answers *answers, const struct search *s)
{
	const struct dmarc_record *record = result->record;
	enum dmarc_policy below = record->sp != DMARC_UNSET ? record->sp : record->p;
	const struct answer *exists;

	result->published = s->index == 0 ? record->p : below;
	if (s->index == 0 || record->np == DMARC_UNSET)
		return 0;
	exists = answers_find(answers, ANSWER_EXISTS, s->walk.domain);
	if (exists != NULL && exists->state == ANSWER_NO_NAME)
		result->published = record->np;
	else if (exists == NULL ||
		 (exists->state != ANSWER_FOUND && exists->state != ANSWER_NOTHING))
		return -1;
	return 0;
}

/* In test mode it is one step less: RFC 9989, 4.7. */
static enum dmarc_policy
soften(const struct dmarc_record *record, enum dmarc_policy policy)
{
	return record->is_testing && policy > DMARC_NONE ? policy - 1 : policy;
}

void
dmarc_judge(struct dmarc_result *result, struct answers *answers, const char *author,
    struct dmarc_identifier *identifiers, size_t n)
{
	static struct search s;
	int passed;

	*result = (struct dmarc_result){.author = author,
	    .outcome = DMARC_NO_RECORD,
	    .published = DMARC_NONE,
	    .policy = DMARC_NONE};
	search(&s, answers, author);
	if (s.state != TREE_FOUND) {
		if (s.state == TREE_UNKNOWN)
			result->outcome = DMARC_TEMPERROR;
		return;
	}
	result->record = s.found[s.index].record;
	result->domain =
	    answers_find(answers, ANSWER_POLICY, s.walk.names[s.index])->name;
	if (result->record->is_broken) {
		result->outcome = DMARC_PERMERROR;
		return;
	}
	passed = align(result, answers, &s, identifiers, n);
	result->outcome = passed == 1    ? DMARC_PASS
			  : passed == -1 ? DMARC_TEMPERROR
					 : DMARC_FAIL;
	if (find_published(result, answers, &s) == -1 && passed == 0)
		result->outcome = DMARC_TEMPERROR;
	result->policy = soften(result->record, result->published);
}
