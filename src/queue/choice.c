#include <string.h>

#include <errmsg.h>

#include "lib/queueid.h"
#include "lib/verdict.h"
#include "queue/choice.h"
#include "queue/place.h"

const char *
choice_take(struct choice *c, char **words, const char **word)
{
	const char *wrong;

	memset(c, 0, sizeof *c);
	c->ids = words;
	for (size_t i = 0; words[i] != NULL; ++i) {
		*word = words[i];
		if (queueid_is(words[i])) {
			words[c->count++] = words[i];
		} else if (strcmp(words[i], "all") == 0) {
			c->all = 1;
		} else if (strchr(words[i], '=') == NULL) {
			return "neither a message ID nor NAME=VALUE";
		} else {
			wrong = selector_add(&c->selector, words[i]);
			if (wrong != NULL)
				return wrong;
		}
	}
	return c->all && (c->count > 0 || c->selector.count > 0) ? "beside `all'" : NULL;
}

int
choice_may_mean(const struct choice *c, const char *id, int64_t place, int64_t now)
{
	struct selector_message m = {
	    .place = place_name(place),
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
	const struct choice *c = context;
	struct selector_message m = {.place = place_name(place)};
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
choice_pick(const struct choice *c, const struct file *f, const char *id, int64_t place,
    int64_t now, char *picked)
{
	struct selector_message m = {
	    .place = place_name(place),
	    .sender = f->envelope.sender,
	    .user = envelope_parameter(&f->envelope, "AUTHUSER"),
	    .age = now - queueid_time(id) / 1000000,
	    .size = f->header.message,
	};
	int meets = selector_meets_message(&c->selector, &m);
	size_t n = 0;

	for (size_t i = 0; i < f->envelope.count; ++i) {
		struct selector_recipient r = {f->envelope.recipients[i].address,
		    choice_state_name(f->recipients[i].state)};

		picked[i] = meets && selector_meets_recipient(&c->selector, &m, &r);
		n += picked[i];
	}
	return n;
}

/* Where a message moves on from the journal, the folders are looked at after it. */
static int
visit_id(const char *id, struct ledger *l, walk_visit *visit, void *context)
{
	int verdict = ACCEPT, r = walk_to(id, visit, context);

	if (r == 0) {
		verdict = ledger_read(l) == 0 ? ACCEPT : DEFER;
		r = visit(context, PLACE_JOURNAL, id);
	}
	if (r == 0)
		r = walk_to(id, visit, context);
	switch (r) {
	case 1:
		return verdict;
	case 0:
		carp(id, ": no such message in the queue");
		return verdict == ACCEPT ? REJECT : verdict;
	default:
		return DEFER;
	}
}

/* A visit of the folders, after the journal. */
struct round {
	const struct ledger *ledger;
	walk_visit *visit;
	void *context;
};

static int
visit_other(void *context, int64_t place, const char *name)
{
	const struct round *r = context;

	return ledger_has_shown(r->ledger, name) || r->visit(r->context, place, name);
}

static int
visit_all(const struct choice *c, struct ledger *l, walk_visit *visit, void *context)
{
	struct round round = {l, visit, context};
	int verdict = ACCEPT;

	if (may_have(c, PLACE_JOURNAL) &&
	    (ledger_read(l) == -1) + (ledger_walk(l, visit, context) == -1) > 0)
		verdict = DEFER;
	return walk_some(may_have, c, visit_other, &round) == 0 ? verdict : DEFER;
}

int
choice_visit(const struct choice *c, struct ledger *l, walk_visit *visit, void *context)
{
	int verdict = ACCEPT;

	if (c->count == 0)
		return visit_all(c, l, visit, context);
	for (size_t i = 0; i < c->count; ++i) {
		int r = visit_id(c->ids[i], l, visit, context);

		if (r > verdict)
			verdict = r;
	}
	return verdict;
}

int
choice_asks_state(const struct choice *c)
{
	for (size_t i = 0; i < c->selector.count; ++i)
		if (c->selector.words[i].name == SELECTOR_STATE)
			return 1;
	return 0;
}

int
choice_takes_foreign(const struct choice *c, int64_t place)
{
	struct selector_message m = {.place = place_name(place), .sender = ""};

	for (size_t i = 0; i < c->selector.count; ++i)
		if (c->selector.words[i].name != SELECTOR_STATE)
			return 0;
	return selector_meets_recipient(
	    &c->selector, &m, &(struct selector_recipient){"", NULL});
}

const char *
choice_state_name(char state)
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
