#include "queue/queue_hold.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <errmsg.h>

#include "lib/control.h"
#include "lib/verdict.h"
#include "queue/queue_choice.h"

static char *
copy_of(const char *s)
{
	char *copy = strdup(s);

	if (!copy)
		die(DEFER, "out of memory");
	return copy;
}

static int
add_rule(struct queue_hold *h, const char *line)
{
	struct queue_hold_rule *rule;

	if (h->count == QUEUE_HOLD_MAX)
		return 0;
	h->rules = realloc(h->rules, (h->count + 1) * sizeof *h->rules);
	if (!h->rules)
		die(DEFER, "out of memory");
	rule = &h->rules[h->count++];
	memset(rule, 0, sizeof *rule);
	rule->line = copy_of(line);
	rule->text = copy_of(line);
	return selector_take_rule(&rule->selector, rule->line) == NULL;
}

int
queue_hold_read(struct queue_hold *h)
{
	struct queue_hold new = {0};
	stralloc list = {0};
	int r = control_list("hold", &list), wrong = 0;

	for (size_t i = 0; r == 1 && i < list.len; i += strlen(list.s + i) + 1)
		if (!add_rule(&new, list.s + i))
			wrong = 1;
	stralloc_free(&list);
	if (r == -1 || wrong) {
		queue_hold_free(&new);
		if (wrong)
			errno = EINVAL;
		return -1;
	}
	queue_hold_free(h);
	*h = new;
	return 0;
}

void
queue_hold_free(struct queue_hold *h)
{
	int saved = errno;

	for (size_t i = 0; i < h->count; ++i) {
		free(h->rules[i].line);
		free(h->rules[i].text);
	}
	free(h->rules);
	memset(h, 0, sizeof *h);
	errno = saved;
}

const char *
queue_hold_rule(const struct queue_hold *h, const struct queue_file *f, const char *id)
{
	const char *found = NULL;
	char *picked;

	if (h->count == 0)
		return NULL;
	picked = calloc(f->envelope.count, 1);
	if (!picked)
		die(DEFER, "out of memory");
	for (size_t i = 0; i < h->count && !found; ++i) {
		struct queue_choice choice = {.selector = h->rules[i].selector};

		/* a rule asks nothing of age and place */
		if (queue_choice_pick(&choice, f, id, 0, 0, picked) > 0)
			found = h->rules[i].text;
	}
	free(picked);
	return found;
}
