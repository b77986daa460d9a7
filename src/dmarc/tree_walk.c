#include <string.h>

#include "dmarc/tree_walk.h"
#include "lib/address.h"
#include "lib/lower.h"
#include "lib/text.h"
#include "lib/utf8.h"

static size_t
count_labels(const char *name)
{
	size_t n = 1;

	while ((name = strchr(name, '.')) != NULL) {
		name++;
		n++;
	}
	return n;
}

/* The domain one label above name, or null. */
static const char *
above(const char *name)
{
	const char *dot = strchr(name, '.');

	return dot != NULL ? dot + 1 : NULL;
}

/* The end of domain that has so many labels. */
static const char *
with_labels(const char *domain, size_t labels)
{
	size_t n = count_labels(domain);

	while (n-- > labels)
		domain = above(domain);
	return domain;
}

int
tree_walk_plan(struct tree_walk *walk, const char *s, size_t len)
{
	const char *name;

	walk->n = 0;
	if (len > 0 && s[len - 1] == '.')
		len--;
	if (!address_is_domain(s, len) || *s == '[' || !utf8_is_ascii(s, len) ||
	    !text_copy(walk->domain, sizeof walk->domain, s, len))
		return -1;
	lower_string(walk->domain);
	walk->names[walk->n++] = walk->domain;
	name = above(walk->domain);
	if (count_labels(walk->domain) >= TREE_NAMES_MAX)
		name = with_labels(walk->domain, TREE_NAMES_MAX - 1);
	for (; name != NULL && walk->n < TREE_NAMES_MAX; name = above(name))
		walk->names[walk->n++] = name;
	return 0;
}

/*
 * How far the walk goes: the index of the name whose record ends it, or the number of
 * names.  *unknown is set when an answer is missing on that way.
 */
static size_t
walk_end(const struct tree_walk *walk, const struct tree_found *found, int *unknown)
{
	size_t i;

	*unknown = 0;
	for (i = 0; i < walk->n; i++) {
		if (found[i].state == TREE_UNKNOWN)
			*unknown = 1;
		if (found[i].state == TREE_FOUND && found[i].record->psd != 'u')
			break;
	}
	return i;
}

/* The index of the record with the fewest labels before end, or end. */
static size_t
highest(const struct tree_found *found, size_t end)
{
	size_t i, best = end;

	for (i = 0; i < end; i++)
		if (found[i].state == TREE_FOUND)
			best = i;
	return best;
}

/* The domain one label below that of index. */
static const char *
below(const struct tree_walk *walk, size_t index)
{
	return with_labels(walk->domain, count_labels(walk->names[index]) + 1);
}

const char *
tree_walk_organisation(const struct tree_walk *walk, const struct tree_found *found)
{
	int unknown;
	size_t end = walk_end(walk, found, &unknown), best;

	if (unknown)
		return NULL;
	if (end < walk->n && (end == 0 || found[end].record->psd == 'n'))
		return walk->names[end];
	if (end < walk->n)
		return below(walk, end);
	best = highest(found, end);
	return best < end ? walk->names[best] : walk->domain;
}

enum tree_state
tree_walk_policy(
    const struct tree_walk *walk, const struct tree_found *found, size_t *index)
{
	int unknown;
	size_t end, best;

	*index = 0;
	if (found[0].state != TREE_NOTHING)
		return found[0].state;
	end = walk_end(walk, found, &unknown);
	if (unknown)
		return TREE_UNKNOWN;
	if (end == walk->n) {
		best = highest(found, end);
		*index = best < end ? best : 0;
		return best < end ? TREE_FOUND : TREE_NOTHING;
	}
	*index = end;
	/* The policy of a public suffix counts where the domain below it has none. */
	if (found[end].record->psd == 'y' && end > 0 &&
	    found[end - 1].state == TREE_FOUND &&
	    strcmp(below(walk, end), walk->names[end - 1]) == 0)
		*index = end - 1;
	return TREE_FOUND;
}

int
tree_walk_is_below(const char *name, const char *top)
{
	size_t len = strlen(name), top_len = strlen(top);

	if (len < top_len || strcmp(name + len - top_len, top) != 0)
		return 0;
	return len == top_len || name[len - top_len - 1] == '.';
}
