/* An outcome that is written and read again is the same, and made of its parts. */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lib/outcome.h"
#include "lib/text.h"

static void
check(int is_true)
{
	if (!is_true)
		abort();
}

/* Its words of ours, and what its server said, make the same outcome. */
static void
check_parts(const struct outcome *o)
{
	const struct outcome_parts *p = &o->parts;
	const char *reply = outcome_reply(o), *text = o->text.s;
	stralloc host = {0}, ip = {0}, own = {0};
	struct outcome again = {0};

	check(p->own <= strlen(text));
	check((p->own > 0) == (outcome_success_word(p->success) != NULL ||
				  p->ended != OUTCOME_NOT_ENDED));
	if (reply == NULL)
		return;
	check(p->own <= p->host && p->host + p->host_len < p->ip &&
	      p->ip + p->ip_len < p->reply && p->reply <= strlen(text));
	text_catb(&own, text, p->host);
	text_catb(&host, text + p->host, p->host_len);
	text_catb(&ip, text + p->ip, p->ip_len);
	text_terminate(&own);
	text_terminate(&host);
	text_terminate(&ip);
	outcome_set_reply(&again, o->letter, o->status, host.s, ip.s, reply);
	check(strcmp(outcome_reply(&again), reply) == 0);
	outcome_lead(&again, own.s);
	check(strcmp(again.text.s, text) == 0);
	check(memcmp(&again.parts, p, sizeof(*p)) == 0);
	check(outcome_whose(&again) == outcome_whose(o));
	stralloc_free(&host);
	stralloc_free(&ip);
	stralloc_free(&own);
	outcome_free(&again);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static struct outcome o, again;
	stralloc first = {0}, second = {0};
	int known = outcome_parse(&o, (const char *)data, len);

	check(known ? strchr("KZD", o.letter) != NULL : o.letter == 'Z');
	check(o.status[0] != '\0' && strlen(o.status) < OUTCOME_STATUS_MAX);
	check_parts(&o);
	outcome_put(&first, &o);
	check(outcome_parse(&again, first.s, first.len));
	check(again.letter == o.letter && strcmp(again.status, o.status) == 0);
	check(strlen(again.text.s) <= OUTCOME_TEXT_MAX);
	check_parts(&again);
	outcome_put(&second, &again);
	check(first.len == second.len && memcmp(first.s, second.s, first.len) == 0);
	stralloc_free(&first);
	stralloc_free(&second);
	return 0;
}
