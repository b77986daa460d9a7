#include <string.h>

#include "lib/address_pattern.h"
#include "lib/selector.h"
#include "lib/text_number.h"

static const char *const names[SELECTOR_NAMES] = {"sender", "recipient", "domain", "user",
    "older", "younger", "larger", "smaller", "state"};

static const char *const places[] = {"new", "later", "paused", "hold", "bad", "journal"};
static const char *const states[] = {
    "waiting", "deferred", "failed", "delivered", "bounced", "removed"};

struct unit {
	char letter;
	int64_t factor;
};

static const struct unit times[] = {
    {'s', 1}, {'m', 60}, {'h', 3600}, {'d', 86400}, {'w', 604800}, {'\0', 1}};
static const struct unit sizes[] = {
    {'k', 1024}, {'m', 1048576}, {'g', 1073741824}, {'\0', 1}};

/* Digits, and perhaps the letter of a unit. */
static int
scan_amount(const char *s, const struct unit *units, int64_t *amount)
{
	size_t digits = strspn(s, "0123456789");
	unsigned long long n;

	while (units->letter != '\0' && units->letter != s[digits])
		++units;
	if (units->letter != s[digits] || (s[digits] != '\0' && s[digits + 1] != '\0') ||
	    !text_number(s, digits, INT64_MAX / units->factor, &n))
		return 0;
	*amount = (int64_t)n * units->factor;
	return 1;
}

static int
is_among(const char *s, size_t len, const char *const *list, size_t count)
{
	for (size_t i = 0; i < count; ++i)
		if (strlen(list[i]) == len && memcmp(list[i], s, len) == 0)
			return 1;
	return 0;
}

/* States of messages and of recipients, with commas between. */
static const char *
add_state(struct selector_word *w)
{
	const char *s = w->value;

	for (;; ++s) {
		size_t len = strcspn(s, ",");

		if (is_among(s, len, states, sizeof states / sizeof *states))
			w->about_recipient = 1;
		else if (!is_among(s, len, places, sizeof places / sizeof *places))
			return "a state is one of journal, new, later, paused, hold, "
			       "bad, "
			       "waiting, deferred, failed, delivered, bounced, removed";
		s += len;
		if (*s == '\0')
			return NULL;
	}
}

static const char *
add_value(struct selector_word *w)
{
	switch (w->name) {
	case SELECTOR_RECIPIENT:
	case SELECTOR_DOMAIN:
		w->about_recipient = 1;
		return *w->value == '\0' && w->name == SELECTOR_RECIPIENT
			   ? "an address is missing"
			   : NULL;
	case SELECTOR_SENDER:
	case SELECTOR_USER:
		if (strcmp(w->value, "<>") == 0)
			w->value = "";
		return NULL;
	case SELECTOR_OLDER:
	case SELECTOR_YOUNGER:
		return scan_amount(w->value, times, &w->number)
			   ? NULL
			   : "a time is a number with s, m, h, d or w behind it";
	case SELECTOR_LARGER:
	case SELECTOR_SMALLER:
		return scan_amount(w->value, sizes, &w->number)
			   ? NULL
			   : "a size is a number, with k, m or g behind it if you like";
	default:
		return add_state(w);
	}
}

const char *
selector_add(struct selector *s, const char *word)
{
	struct selector_word w = {0};
	const char *equals = strchr(word, '='), *wrong;
	int i = 0;

	if (s->count == SELECTOR_MAX)
		return "too many words";
	while (i < SELECTOR_NAMES &&
	       (equals == NULL || strlen(names[i]) != (size_t)(equals - word) ||
		   memcmp(names[i], word, equals - word) != 0))
		++i;
	if (i == SELECTOR_NAMES)
		return "not sender=, recipient=, domain=, user=, older=, younger=, "
		       "larger=, smaller= or state=";
	w.name = i;
	w.value = equals + 1;
	wrong = add_value(&w);
	if (wrong == NULL)
		s->words[s->count++] = w;
	return wrong;
}

const char *
selector_take_rule(struct selector *s, char *line)
{
	const char *wrong = NULL;
	char *word;

	while (wrong == NULL && (word = strsep(&line, " \t")) != NULL)
		if (*word != '\0')
			wrong = selector_add(s, word);
	if (wrong == NULL && s->count == 0)
		wrong = "empty";
	return wrong != NULL || selector_fits_arrival(s)
		   ? wrong
		   : "age and state say nothing of a new message";
}

int
selector_asks_recipients(const struct selector *s)
{
	for (size_t i = 0; i < s->count; ++i)
		if (s->words[i].about_recipient)
			return 1;
	return 0;
}

int
selector_fits_arrival(const struct selector *s)
{
	for (size_t i = 0; i < s->count; ++i)
		if (s->words[i].name == SELECTOR_STATE ||
		    s->words[i].name == SELECTOR_OLDER ||
		    s->words[i].name == SELECTOR_YOUNGER)
			return 0;
	return 1;
}

static int
is_in_state(const char *list, const char *place, const char *state)
{
	for (;;) {
		size_t len = strcspn(list, ",");

		if (is_among(list, len, &place, 1) ||
		    (state != NULL && is_among(list, len, &state, 1)))
			return 1;
		if (list[len] == '\0')
			return 0;
		list += len + 1;
	}
}

static int
holds(const struct selector_word *w, const struct selector_message *m,
    const struct selector_recipient *r)
{
	switch (w->name) {
	case SELECTOR_SENDER:
		return address_pattern_fits(w->value, m->sender);
	case SELECTOR_RECIPIENT:
		return address_pattern_fits(w->value, r->address);
	case SELECTOR_DOMAIN:
		return address_pattern_fits_domain(w->value, r->address);
	case SELECTOR_USER:
		return address_pattern_fits(w->value, m->user != NULL ? m->user : "");
	case SELECTOR_OLDER:
		return m->age >= w->number;
	case SELECTOR_YOUNGER:
		return m->age < w->number;
	case SELECTOR_LARGER:
		return m->size >= w->number;
	case SELECTOR_SMALLER:
		return m->size < w->number;
	default:
		return is_in_state(w->value, m->place, r != NULL ? r->state : NULL);
	}
}

/* Of each name that is there, one word at least; a name is asked of one or the other. */
static int
meets(const struct selector *s, const struct selector_message *m,
    const struct selector_recipient *r)
{
	unsigned asked = 0, met = 0, later = 0;

	for (size_t i = 0; i < s->count; ++i) {
		const struct selector_word *w = &s->words[i];
		unsigned bit = 1u << w->name;

		if (w->about_recipient && r == NULL) {
			later |= bit;
			continue;
		}
		asked |= bit;
		if (!(met & bit) && holds(w, m, r))
			met |= bit;
	}
	return ((asked ^ met) & ~later) == 0;
}

int
selector_meets_message(const struct selector *s, const struct selector_message *m)
{
	return meets(s, m, NULL);
}

int
selector_meets_recipient(const struct selector *s, const struct selector_message *m,
    const struct selector_recipient *r)
{
	return meets(s, m, r);
}
