#include <string.h>

#include "lib/text.h"
#include "lib/utf8.h"
#include "origin/xml_walk.h"

#define ENTITY_MAX 12

/* Where what begins at at ends, just past the string end; 0 when it does not. */
static size_t
past(const struct xml_walk *walk, size_t at, const char *end)
{
	size_t size = strlen(end);
	const char *found = memmem(walk->s + at, walk->len - at, end, size);

	return found != NULL ? (size_t)(found - walk->s) + size : 0;
}

/* Append the character that &#N; or &#xN; stands for, whose digits are s[0..len). */
static int
put_number(stralloc *text, const char *s, size_t len)
{
	static const char digits[] = "0123456789abcdef";
	unsigned base = len > 0 && *s == 'x' ? 16 : 10;
	unsigned long code = 0;
	const char *digit;
	char buf[4];
	size_t i;

	for (i = base == 16; i < len; i++) {
		digit =
		    s[i] ? strchr(digits, s[i] >= 'A' && s[i] <= 'F' ? s[i] | 0x20 : s[i])
			 : NULL;
		if (digit == NULL || (unsigned)(digit - digits) >= base ||
		    code > 0x10ffff)
			return 0;
		code = code * base + (unsigned long)(digit - digits);
	}
	if (code == 0 || code > 0x10ffff || (code >= 0xd800 && code < 0xe000))
		return 0;
	text_catb(text, buf, utf8_put(buf, code));
	return 1;
}

/* Take the entity at &.  Returns the bytes that it has, 0 when it is malformed. */
static size_t
take_entity(struct xml_walk *walk)
{
	static const struct {
		const char *name, *text;
	} known[] = {
	    {"amp", "&"}, {"lt", "<"}, {"gt", ">"}, {"quot", "\""}, {"apos", "'"}};
	const char *s = walk->s + walk->at;
	size_t left = walk->len - walk->at, i;
	const char *end = memchr(s, ';', left < ENTITY_MAX ? left : ENTITY_MAX);
	size_t size = end != NULL ? (size_t)(end - s) - 1 : 0;

	if (end == NULL)
		return 0;
	if (size > 0 && s[1] == '#')
		return put_number(&walk->text, s + 2, size - 1) ? size + 2 : 0;
	for (i = 0; i < sizeof known / sizeof *known; i++)
		if (strlen(known[i].name) == size &&
		    memcmp(known[i].name, s + 1, size) == 0) {
			text_cat(&walk->text, known[i].text, (char *)NULL);
			return size + 2;
		}
	return 0;
}

/* Take the text up to the next tag.  Returns 0 when it is malformed. */
static int
take_text(struct xml_walk *walk)
{
	size_t size;

	while (walk->at < walk->len && walk->s[walk->at] != '<') {
		size = 1;
		if (walk->s[walk->at] == '&')
			size = take_entity(walk);
		else
			text_catb(&walk->text, walk->s + walk->at, 1);
		if (size == 0)
			return 0;
		walk->at += size;
	}
	return 1;
}

static void
trim(stralloc *text)
{
	size_t begin = 0;

	while (text->len > 0 && strchr(" \t\r\n", text->s[text->len - 1]) != NULL)
		text->len--;
	while (begin < text->len && strchr(" \t\r\n", text->s[begin]) != NULL)
		begin++;
	if (begin > 0)
		memmove(text->s, text->s + begin, text->len - begin);
	text->len -= begin;
	text_terminate(text);
}

/* The name at s[0..len), without its namespace, as far as it is one; its length. */
static size_t
name_size(const char *s, size_t len, size_t *begin)
{
	size_t i;

	*begin = 0;
	for (i = 0; i < len && strchr(" \t\r\n/>", s[i]) == NULL; i++)
		if (s[i] == ':')
			*begin = i + 1;
	return i - *begin;
}

/* The end of the tag that begins at at: the > that is in no quotes; 0 when there is none.
 */
static size_t
tag_end(const struct xml_walk *walk)
{
	char quote = '\0';
	size_t i;

	for (i = walk->at + 1; i < walk->len; i++) {
		if (quote != '\0') {
			if (walk->s[i] == quote)
				quote = '\0';
		} else if (walk->s[i] == '"' || walk->s[i] == '\'') {
			quote = walk->s[i];
		} else if (walk->s[i] == '>') {
			return i;
		} else if (walk->s[i] == '<') {
			return 0;
		}
	}
	return 0;
}

/* The tag that begins at at, and is no comment: begin or end an element. */
static enum xml_event
take_tag(struct xml_walk *walk)
{
	size_t end = tag_end(walk), begin, size;
	const char *s = walk->s + walk->at + 1;
	int is_end = end > 0 && *s == '/';

	if (end == 0)
		return XML_WRONG;
	s += is_end;
	size = name_size(s, walk->len - (size_t)(s - walk->s), &begin);
	if (size == 0 || size >= XML_NAME_MAX)
		return XML_WRONG;
	walk->at = end + 1;
	if (is_end) {
		if (walk->depth == 0 || strlen(walk->names[walk->depth - 1]) != size ||
		    memcmp(walk->names[walk->depth - 1], s + begin, size) != 0)
			return XML_WRONG;
		walk->depth--;
		trim(&walk->text);
		return XML_END;
	}
	if (walk->depth == XML_DEPTH_MAX)
		return XML_WRONG;
	memcpy(walk->names[walk->depth], s + begin, size);
	walk->names[walk->depth++][size] = '\0';
	walk->is_empty = walk->s[end - 1] == '/';
	walk->text.len = 0;
	return XML_BEGIN;
}

/* Pass over, or take, what begins with <! or <?.  Returns 0 when it has no end. */
static int
take_other(struct xml_walk *walk)
{
	static const char cdata[] = "<![CDATA[";
	const char *s = walk->s + walk->at;
	size_t left = walk->len - walk->at, end;

	if (s[1] == '?') {
		end = past(walk, walk->at, "?>");
	} else if (left > 4 && memcmp(s, "<!--", 4) == 0) {
		end = past(walk, walk->at + 4, "-->");
	} else if (left >= sizeof cdata && memcmp(s, cdata, sizeof cdata - 1) == 0) {
		end = past(walk, walk->at, "]]>");
		if (end > 0)
			text_catb(&walk->text, s + sizeof cdata - 1,
			    end - walk->at - (sizeof cdata - 1) - 3);
	} else {
		/* what declares entities is no report */
		end = past(walk, walk->at, ">");
		if (end > 0 && memchr(s, '[', end - walk->at) != NULL)
			end = 0;
	}
	walk->at = end;
	return end > 0;
}

enum xml_event
xml_walk_next(struct xml_walk *walk)
{
	if (walk->is_empty) {
		walk->is_empty = 0;
		walk->depth--;
		walk->text.len = 0;
		text_terminate(&walk->text);
		return XML_END;
	}
	for (;;) {
		if (!take_text(walk))
			return XML_WRONG;
		if (walk->at == walk->len)
			return walk->depth == 0 ? XML_OVER : XML_WRONG;
		if (walk->len - walk->at < 2)
			return XML_WRONG;
		if (walk->s[walk->at + 1] != '!' && walk->s[walk->at + 1] != '?')
			return take_tag(walk);
		if (!take_other(walk))
			return XML_WRONG;
	}
}
