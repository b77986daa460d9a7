#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "dkim/fields.h"
#include "lib/heap.h"
#include "lib/lower.h"
#include "lib/text.h"

/* FNV-1a, of the name in lower case: it spares comparisons, and need not be secret. */
static uint32_t
hash_of(const char *s, size_t len)
{
	uint32_t hash = 2166136261;
	size_t i;

	for (i = 0; i < len; i++)
		hash = (hash ^ (unsigned char)lower_char(s[i])) * 16777619;
	return hash;
}

/* How long the name is that the line begins with; 0 when it is no field. */
static size_t
name_length(const char *line, size_t len)
{
	const char *colon = memchr(line, ':', len);
	size_t i, name;

	if (colon == NULL)
		return 0;
	name = (size_t)(colon - line);
	/* Blanks before the colon are an obsolete form: RFC 5322, 4.5. */
	while (name > 0 && (line[name - 1] == ' ' || line[name - 1] == '\t'))
		name--;
	for (i = 0; i < name; i++)
		if (line[i] <= ' ' || line[i] == 127)
			return 0;
	return name;
}

/* The line from fields->line on is whole. */
static void
take_line(struct fields *fields)
{
	const char *line = fields->text.s + fields->line;
	size_t len = fields->text.len - fields->line;
	struct fields_one *one;

	if (fields->count > 0 && (*line == ' ' || *line == '\t')) {
		fields->all[fields->count - 1].len += len;
	} else if (fields->count == FIELDS_MAX) {
		fields->is_too_large = 1;
		fields->text.len = fields->line;
	} else {
		fields->all = heap_grow(fields->all, fields->count, sizeof *fields->all);
		one = &fields->all[fields->count++];
		one->at = fields->line;
		one->len = len;
		one->name = name_length(line, len);
		one->hash = hash_of(line, one->name);
	}
	fields->line = fields->text.len;
}

/* Keep what belongs to a line, if there is room for it. */
static void
keep(struct fields *fields, const char *s, size_t len)
{
	if (!fields->is_too_large && fields->text.len + len > FIELDS_OCTETS_MAX) {
		fields->is_too_large = 1;
		fields->text.len = fields->line;
	}
	if (!fields->is_too_large)
		text_catb(&fields->text, s, len);
	if (fields->octets == 0)
		fields->first = *s;
	fields->octets += len;
}

/* Is the line that has come the empty one? */
static int
is_empty_line(const struct fields *fields)
{
	return fields->octets == 1 || (fields->octets == 2 && fields->first == '\r');
}

size_t
fields_feed(struct fields *fields, const char *s, size_t len)
{
	const char *newline;
	size_t at = 0, end;

	while (at < len && !fields->ended) {
		newline = memchr(s + at, '\n', len - at);
		end = newline != NULL ? (size_t)(newline - s) + 1 : len;
		keep(fields, s + at, end - at);
		at = end;
		if (newline == NULL)
			break;
		fields->ended = is_empty_line(fields);
		fields->octets = 0;
		if (fields->ended && !fields->is_too_large)
			fields->text.len = fields->line;
		else if (!fields->is_too_large)
			take_line(fields);
	}
	return at;
}

void
fields_end(struct fields *fields)
{
	if (fields->text.len > fields->line)
		take_line(fields);
	fields->ended = 1;
}

size_t
fields_find_above(
    const struct fields *fields, size_t before, const char *name, size_t len)
{
	uint32_t hash = hash_of(name, len);
	const struct fields_one *one;

	while (before-- > 0) {
		one = &fields->all[before];
		if (one->hash == hash && one->name == len && len > 0 &&
		    strncasecmp(fields->text.s + one->at, name, len) == 0)
			return before;
	}
	return fields->count;
}

const char *
fields_value(const struct fields *fields, size_t at, size_t *len)
{
	const struct fields_one *one = &fields->all[at];
	const char *s = fields->text.s + one->at;
	const char *colon = memchr(s, ':', one->len);

	if (colon == NULL)
		colon = s + one->len - 1;
	*len = one->len - (size_t)(colon + 1 - s);
	return colon + 1;
}

void
fields_free(struct fields *fields)
{
	stralloc_free(&fields->text);
	free(fields->all);
	fields->all = NULL;
	fields->count = 0;
}
