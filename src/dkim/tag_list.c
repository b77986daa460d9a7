#include <string.h>
#include <strings.h>

#include "dkim/tag_list.h"

/* Blanks and line ends; where the latter may stand has been seen to by the header. */
static int
is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static int
is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static int
is_name(const char *s, size_t len)
{
	size_t i;

	if (len == 0 || !is_letter(*s))
		return 0;
	for (i = 1; i < len; i++)
		if (!is_letter(s[i]) && (s[i] < '0' || s[i] > '9') && s[i] != '_')
			return 0;
	return 1;
}

static void
trim(const char **s, size_t *len)
{
	while (*len > 0 && is_space(**s)) {
		++*s;
		--*len;
	}
	while (*len > 0 && is_space((*s)[*len - 1]))
		--*len;
}

static int
is_value(const char *s, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		if (!is_space(s[i]) && ((unsigned char)s[i] < ' ' || s[i] == 127))
			return 0;
	return 1;
}

/* Take s[0..len), which has no semicolon, as a tag. */
static int
take(struct tag_list *list, const char *s, size_t len)
{
	const char *equal = memchr(s, '=', len);
	struct tag *tag = &list->tags[list->count];
	size_t i;

	if (equal == NULL || list->count == TAG_LIST_MAX)
		return -1;
	tag->begin = equal + 1;
	tag->end = s + len;
	tag->name = s;
	tag->name_len = (size_t)(equal - s);
	tag->value = tag->begin;
	tag->len = (size_t)(tag->end - tag->begin);
	trim(&tag->name, &tag->name_len);
	trim(&tag->value, &tag->len);
	if (!is_name(tag->name, tag->name_len) || !is_value(tag->value, tag->len))
		return -1;
	for (i = 0; i < list->count; i++)
		if (list->tags[i].name_len == tag->name_len &&
		    memcmp(list->tags[i].name, tag->name, tag->name_len) == 0)
			return -1;
	list->count++;
	return 0;
}

int
tag_list_parse(struct tag_list *list, const char *s, size_t len)
{
	const char *semicolon, *rest;
	size_t one, rest_len;

	list->count = 0;
	for (;;) {
		semicolon = memchr(s, ';', len);
		one = semicolon != NULL ? (size_t)(semicolon - s) : len;
		rest = s;
		rest_len = one;
		trim(&rest, &rest_len);
		/* Nothing but blanks may follow the last semicolon. */
		if (semicolon == NULL && rest_len == 0 && list->count > 0)
			return 0;
		if (take(list, s, one) == -1)
			return -1;
		if (semicolon == NULL)
			return 0;
		s = semicolon + 1;
		len -= one + 1;
	}
}

const struct tag *
tag_list_find(const struct tag_list *list, const char *name)
{
	size_t i, len = strlen(name);

	for (i = 0; i < list->count; i++)
		if (list->tags[i].name_len == len &&
		    memcmp(list->tags[i].name, name, len) == 0)
			return &list->tags[i];
	return NULL;
}

const char *
tag_list_value(const struct tag_list *list, const char *name, size_t *len)
{
	const struct tag *tag = tag_list_find(list, name);

	*len = tag != NULL ? tag->len : 0;
	return tag != NULL ? tag->value : "";
}

const char *
tag_list_next_word(const char *s, size_t len, size_t *at, size_t *word_len)
{
	const char *word = s + *at, *colon;

	if (*at > len || len == 0)
		return NULL;
	colon = memchr(word, ':', len - *at);
	*word_len = colon != NULL ? (size_t)(colon - word) : len - *at;
	*at += *word_len + 1;
	trim(&word, word_len);
	return word;
}

int
tag_list_has_word(const char *s, size_t len, const char *word)
{
	const char *one;
	size_t at = 0, one_len;

	while ((one = tag_list_next_word(s, len, &at, &one_len)) != NULL)
		if (one_len == strlen(word) && strncasecmp(one, word, one_len) == 0)
			return 1;
	return 0;
}
