#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/control.h"
#include "lib/heap.h"
#include "queue/choice.h"
#include "schedule/hold.h"

static int
add_rule(struct hold *h, const char *line)
{
	struct hold_rule *rule;

	if (h->count == HOLD_MAX)
		return 0;
	h->rules = heap_grow(h->rules, h->count, sizeof *h->rules);
	rule = &h->rules[h->count++];
	memset(rule, 0, sizeof *rule);
	rule->line = heap_copy(line, strlen(line));
	rule->text = heap_copy(line, strlen(line));
	return selector_take_rule(&rule->selector, rule->line) == NULL;
}

int
hold_read(struct hold *h)
{
	struct hold new = {0};
	stralloc list = {0};
	int r = control_list("hold", &list), wrong = 0;

	for (size_t i = 0; r == 1 && i < list.len; i += strlen(list.s + i) + 1)
		if (!add_rule(&new, list.s + i))
			wrong = 1;
	stralloc_free(&list);
	if (r == -1 || wrong) {
		hold_free(&new);
		if (wrong)
			errno = EINVAL;
		return -1;
	}
	hold_free(h);
	*h = new;
	return 0;
}

void
hold_free(struct hold *h)
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
hold_rule(const struct hold *h, const struct file *f, const char *id)
{
	const char *found = NULL;
	char *picked;

	if (h->count == 0)
		return NULL;
	picked = heap_make(f->envelope.count, 1);
	for (size_t i = 0; i < h->count && found == NULL; ++i) {
		struct choice choice = {.selector = h->rules[i].selector};

		/* a rule asks nothing of age and place */
		if (choice_pick(&choice, f, id, 0, 0, picked) > 0)
			found = h->rules[i].text;
	}
	free(picked);
	return found;
}
