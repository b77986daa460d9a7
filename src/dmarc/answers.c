#include <string.h>

#include "dmarc/answers.h"
#include "lib/text.h"

struct answer *
answers_find(struct answers *answers, enum answer_kind kind, const char *name)
{
	size_t i;

	for (i = 0; i < answers->n; i++)
		if (answers->list[i].kind == kind &&
		    strcmp(answers->list[i].name, name) == 0)
			return &answers->list[i];
	return NULL;
}

struct answer *
answers_want(struct answers *answers, enum answer_kind kind, const char *name)
{
	struct answer *answer = answers_find(answers, kind, name);

	if (answer != NULL)
		return answer;
	if (answers->n == ANSWERS_MAX || strlen(name) >= ANSWERS_NAME_MAX)
		return NULL;
	answer = &answers->list[answers->n++];
	answer->kind = kind;
	answer->state = ANSWER_WANTED;
	answer->text.len = 0;
	strcpy(answer->name, name);
	return answer;
}

void
answers_add(struct answer *answer, const char *s, size_t len)
{
	if (memchr(s, '\0', len) != NULL || answer->text.len + len >= ANSWERS_TEXT_MAX)
		return;
	text_catb(&answer->text, s, len);
	text_catb(&answer->text, "", 1);
}

/* Parse the records; several policies are as none: RFC 9989, 4.10. */
static void
find_policy(struct answer *answer)
{
	struct dmarc_record record;
	size_t at, len, n = 0;

	for (at = 0; at < answer->text.len; at += len + 1) {
		len = strlen(answer->text.s + at);
		if (!dmarc_record_parse(&record, answer->text.s + at, len))
			continue;
		answer->record = record;
		n++;
	}
	if (n != 1)
		answer->state = ANSWER_NOTHING;
}

void
answers_set(struct answer *answer, enum answer_state state)
{
	answer->state = state;
	if (answer->kind == ANSWER_POLICY && state == ANSWER_FOUND)
		find_policy(answer);
}

void
answers_clear(struct answers *answers)
{
	size_t i;

	for (i = 0; i < answers->n; i++)
		stralloc_free(&answers->list[i].text);
	answers->n = 0;
}
