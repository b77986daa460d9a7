#include <string.h>

#include "lib/text.h"
#include "lib/utf8.h"
#include "report/field.h"
#include "report/utf8_address.h"

#define WIDTH 75
#define ADDRESS_BYTES 900 /* so that a field with the longest address is a line */

/* Controls, and what changes the direction or the lines of a text around it. */
static int
is_harmless(unsigned long code)
{
	return code >= 0xa0 && (code < 0x2028 || code > 0x202e) &&
	       (code < 0x2066 || code > 0x2069);
}

/* How many bytes of s[0..len) are one printable character; 0 when it begins with none. */
static size_t
printable(const char *s, size_t len, int utf8)
{
	size_t taken;

	if (!(*s & 0x80))
		return *s >= ' ' && *s <= '~';
	for (size_t n = 2; utf8 && n <= 4 && n <= len; ++n)
		if (utf8_is_sound(s, n))
			return is_harmless(utf8_first(s, n, &taken)) ? n : 0;
	return 0;
}

static void
put_clean(stralloc *sa, const char *s, size_t len, int utf8)
{
	size_t n;

	for (; len > 0; s += n, len -= n) {
		n = printable(s, len, utf8);
		text_catb(sa, n > 0 ? s : "?", n > 0 ? n : 1);
		n += n == 0;
	}
}

/* The words of s, the first behind column bytes of its line. */
static void
put_words(stralloc *sa, const char *indent, size_t column, const char *s, int utf8)
{
	size_t len, piece;
	int fresh = 1; /* nothing of s is on the line yet */

	for (s += strspn(s, " "); *s; s += strspn(s, " ")) {
		len = strcspn(s, " ");
		if (!fresh && column + 1 + len > WIDTH) {
			text_cat(sa, "\n", indent, (char *)NULL);
			column = strlen(indent);
			fresh = 1;
		}
		if (!fresh)
			text_catb(sa, " ", 1);
		piece = len < FIELD_LINE_MAX - 100 ? len : FIELD_LINE_MAX - 100;
		put_clean(sa, s, piece, utf8);
		column += piece + !fresh;
		fresh = 0;
		s += piece;
	}
	text_catb(sa, "\n", 1);
}

/*
 * Programs that read qmail's bounces take <...>: for an address that has failed, wherever
 * it stands; but servers begin their words with it, whoever's address it is.
 */
void
field_put_paragraph(stralloc *sa, const char *first, const char *indent, const char *s)
{
	stralloc words = {0};
	const char *end;

	for (; (end = strstr(s, ">:")) != NULL; s = end + 1) {
		text_catb(&words, s, end + 1 - s);
		text_catb(&words, " ", 1);
	}
	text_cat(&words, s, (char *)NULL);
	text_terminate(&words);
	text_cat(sa, first, (char *)NULL);
	put_words(sa, indent, strlen(first), words.s, 1);
	stralloc_free(&words);
}

void
field_put(stralloc *sa, const char *name, const char *value, int utf8)
{
	text_cat(sa, name, ": ", (char *)NULL);
	put_words(sa, "    ", strlen(name) + 2, value, utf8);
}

void
field_put_line(stralloc *sa, const char *s, int utf8)
{
	size_t len = strlen(s);

	put_clean(sa, s, len < ADDRESS_BYTES ? len : ADDRESS_BYTES, utf8);
}

void
field_put_address(stralloc *sa, const char *name, const char *address, int utf8)
{
	size_t len = strlen(address);

	text_cat(sa, name, ": ", (char *)NULL);
	if (utf8_is_ascii(address, len) || !utf8_is_sound(address, len)) {
		text_cat(sa, "rfc822; ", (char *)NULL);
		field_put_line(sa, address, 0);
	} else {
		text_cat(sa, "utf-8; ", (char *)NULL);
		if (utf8)
			field_put_line(sa, address, 1);
		else
			utf8_address_encode(sa, address, len, ADDRESS_BYTES);
	}
	text_catb(sa, "\n", 1);
}

int
field_has_eight(const stralloc *sa)
{
	return !utf8_is_ascii(sa->s, sa->len);
}
