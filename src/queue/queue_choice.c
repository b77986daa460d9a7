#include "queue/queue_choice.h"

#include <string.h>

#include <errmsg.h>

#include "lib/queueid.h"
#include "lib/verdict.h"
#include "queue/queue_place.h"

const char *
queue_choice_take(struct queue_choice *c, char **words, const char **word)
{
	const char *wrong;

	memset(c, 0, sizeof *c);
	c->ids = words;
	for (size_t i = 0; words[i]; ++i) {
		*word = words[i];
		if (queueid_is(words[i])) {
			words[c->count++] = words[i];
		} else if (strcmp(words[i], "all") == 0) {
			c->all = 1;
		} else if (!strchr(words[i], '=')) {
			return "neither a message ID nor NAME=VALUE";
		} else {
			wrong = selector_add(&c->selector, words[i]);
			if (wrong)
				return wrong;
		}
	}
	return c->all && (c->count > 0 || c->selector.count > 0) ? "beside `all'" : NULL;
}

int
queue_choice_may_mean(
    const struct queue_choice *c, const char *id, int64_t place, int64_t now)
{
	struct selector_message m = {
	    .place = queue_place_name(place),
	    .age = now - queueid_time(id) / 1000000,
	};
	struct selector known = {0};

	for (size_t i = 0; i < c->selector.count; ++i) {
		const struct selector_word *w = &c->selector.words[i];

		if (w->name == SELECTOR_STATE && w->about_recipient)
			return 1;
		if (w->name == SELECTOR_STATE || w->name == SELECTOR_OLDER ||
		    w->name == SELECTOR_YOUNGER)
			known.words[known.count++] = *w;
	}
	return selector_meets_message(&known, &m);
}

/* A folder need not be read when only others are asked for. */
static int
may_have(const void *context, int64_t place)
{
	const struct queue_choice *c = context;
	struct selector_message m = {.place = queue_place_name(place)};
	struct selector states = {0};

	for (size_t i = 0; i < c->selector.count; ++i) {
		const struct selector_word *w = &c->selector.words[i];

		if (w->name == SELECTOR_STATE && w->about_recipient)
			return 1;
		if (w->name == SELECTOR_STATE)
			states.words[states.count++] = *w;
	}
	return selector_meets_message(&states, &m);
}

size_t
queue_choice_pick(const struct queue_choice *c, const struct queue_file *f,
    const char *id, int64_t place, int64_t now, char *picked)
{
	struct selector_message m = {
	    .place = queue_place_name(place),
	    .sender = f->envelope.sender,
	    .user = envelope_parameter(&f->envelope, "AUTHUSER"),
	    .age = now - queueid_time(id) / 1000000,
	    .size = f->header.message,
	};
	int meets = selector_meets_message(&c->selector, &m);
	size_t n = 0;

	for (size_t i = 0; i < f->envelope.count; ++i) {
		struct selector_recipient r = {f->envelope.recipients[i].address,
		    queue_state_name(f->recipients[i].state)};

		picked[i] = meets && selector_meets_recipient(&c->selector, &m, &r);
		n += picked[i];
	}
	return n;
}

static int
visit_id(const char *id, queue_visit *visit, void *context)
{
	switch (queue_walk_to(id, visit, context)) {
	case 1:
		return ACCEPT;
	case 0:
		carp(id, ": no such message in the queue");
		return REJECT;
	default:
		return DEFER;
	}
}

int
queue_choice_visit(const struct queue_choice *c, queue_visit *visit, void *context)
{
	int verdict = ACCEPT;

	if (c->count == 0)
		return queue_walk_some(may_have, c, visit, context) == 0 ? ACCEPT : DEFER;
	for (size_t i = 0; i < c->count; ++i) {
		int r = visit_id(c->ids[i], visit, context);

		if (r > verdict)
			verdict = r;
	}
	return verdict;
}

int
queue_choice_asks_state(const struct queue_choice *c)
{
	for (size_t i = 0; i < c->selector.count; ++i)
		if (c->selector.words[i].name == SELECTOR_STATE)
			return 1;
	return 0;
}

int
queue_choice_takes_foreign(const struct queue_choice *c, int64_t place)
{
	struct selector_message m = {.place = queue_place_name(place), .sender = ""};

	for (size_t i = 0; i < c->selector.count; ++i)
		if (c->selector.words[i].name != SELECTOR_STATE)
			return 0;
	return selector_meets_recipient(
	    &c->selector, &m, &(struct selector_recipient){"", NULL});
}

const char *
queue_state_name(char state)
{
	switch (state) {
	case 'K':
		return "delivered";
	case 'Z':
		return "deferred";
	case 'D':
		return "failed";
	case 'B':
		return "bounced";
	case 'X':
		return "removed";
	default:
		return "waiting";
	}
}
