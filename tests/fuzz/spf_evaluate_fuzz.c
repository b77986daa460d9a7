/*
 * Whatever the DNS says, an evaluation ends within the limits of RFC 7208.  The bytes are
 * records, one a line, each the answer to the next question.
 */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lib/netstring.h"
#include "lib/text.h"
#include "spf/spf_evaluate.h"

#define QUESTIONS_MAX 400

static struct {
	stralloc question, records;
	struct dns_answer answer;
} asked[QUESTIONS_MAX];
static size_t asked_count, left;
static const char *next;

/* One line: '!' no answer, '-' no name, else records parted by tabs. */
static void
answer(size_t i)
{
	struct dns_answer *a = &asked[i].answer;
	const char *end = left > 0 ? memchr(next, '\n', left) : NULL, *tab;
	size_t len = end != NULL ? (size_t)(end - next) : left, size, at;

	memset(a, 0, sizeof(*a));
	asked[i].records.len = 0;
	a->status = DNS_ANSWER_FOUND;
	if (len == 0 || *next == '-')
		a->status = DNS_ANSWER_NO_NAME;
	else if (*next == '!')
		a->status = DNS_ANSWER_FAILED;
	else
		for (at = 0; at <= len; at += size + 1) {
			tab = memchr(next + at, '\t', len - at);
			size = tab != NULL ? (size_t)(tab - next) - at : len - at;
			netstring_put(&asked[i].records, next + at, size);
		}
	a->name = "";
	a->records = asked[i].records.s;
	a->records_len = asked[i].records.len;
	next += len + (end != NULL);
	left -= len + (end != NULL);
}

static const struct dns_answer *
look_up(void *asker, const char *type, const char *name)
{
	static stralloc question;
	size_t i;

	(void)asker;
	if (strlen(name) > 600)
		abort();
	text_set(&question, type);
	text_cat(&question, name, (char *)NULL);
	for (i = 0; i < asked_count; i++)
		if (asked[i].question.len == question.len &&
		    memcmp(asked[i].question.s, question.s, question.len) == 0)
			return &asked[i].answer;
	if (asked_count == QUESTIONS_MAX)
		abort();
	text_setb(&asked[i].question, question.s, question.len);
	answer(i);
	asked_count++;
	return i % 3 == 1 ? NULL : &asked[i].answer;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	const struct spf_question q = {
	    .ip = {[10] = 0xff, [11] = 0xff, [12] = 192, 0, 2, 1},
	    .sender = "a\\b.c@d.test",
	    .helo = "e.test",
	    .receiver = "f.test",
	    .lookup = look_up};
	static struct spf_verdict verdict;
	int rounds = 0;

	next = (const char *)data;
	left = len;
	asked_count = 0;
	do {
		spf_evaluate(&q, &verdict);
		if (++rounds > QUESTIONS_MAX)
			abort();
	} while (verdict.result == SPF_PENDING);
	if (strlen(verdict.mechanism.s) > verdict.mechanism.len ||
	    (verdict.result == SPF_PERMERROR && verdict.problem == NULL))
		abort();
	return 0;
}
