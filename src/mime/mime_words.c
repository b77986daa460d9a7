#include <string.h>

#include "lib/text.h"
#include "lib/utf8.h"
#include "mime/mime_content.h"
#include "mime/mime_words.h"

#define LINE_MAX_WORDS 75 /* characters: RFC 2047, 2 */
#define FIRST_MIN 30      /* that the first word has, whatever stands before it */

static const char hex[] = "0123456789ABCDEF";

/* May c stand in an encoded word anywhere in a header?  RFC 2047, 5 (3) */
static int
is_safe(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
	       (c >= 'a' && c <= 'z') || c == '!' || c == '*' || c == '+' || c == '-' ||
	       c == '/';
}

const char *
mime_words_charset(const char *s, size_t len)
{
	return utf8_is_sound(s, len) ? "utf-8" : "unknown-8bit";
}

/* The bytes of the character at s[0..len), which no word may tear. */
static size_t
character_length(const char *s, size_t len, int is_utf8)
{
	size_t n = 1;

	while (is_utf8 && n < len && (s[n] & 0xc0) == 0x80)
		n++;
	return n;
}

static void
put_character(stralloc *out, const char *s, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (s[i] == ' ') {
			text_catb(out, "_", 1);
		} else if (is_safe(s[i])) {
			text_catb(out, s + i, 1);
		} else {
			text_catb(out, "=", 1);
			text_catb(out, &hex[(unsigned char)s[i] >> 4], 1);
			text_catb(out, &hex[(unsigned char)s[i] & 15], 1);
		}
	}
}

/* How many characters stand on the last line of sa. */
static size_t
column_of(const stralloc *sa)
{
	size_t n = 0;

	while (n < sa->len && sa->s[sa->len - n - 1] != '\n')
		n++;
	return n < LINE_MAX_WORDS - FIRST_MIN ? n : LINE_MAX_WORDS - FIRST_MIN;
}

void
mime_words_put(stralloc *out, const char *s, size_t len, const char *eol)
{
	const char *charset = mime_words_charset(s, len);
	int is_utf8 = strcmp(charset, "utf-8") == 0;
	size_t start = out->len - column_of(out), i, n;

	text_cat(out, "=?", charset, "?Q?", (char *)NULL);
	for (i = 0; i < len; i += n) {
		n = character_length(s + i, len - i, is_utf8);
		if (i > 0 && out->len - start + 3 * n + 2 > LINE_MAX_WORDS) {
			text_cat(out, "?=", eol, " ", (char *)NULL);
			start = out->len;
			text_cat(out, "=?", charset, "?Q?", (char *)NULL);
		}
		put_character(out, s + i, n);
	}
	text_cat(out, "?=", (char *)NULL);
}

void
mime_words_unfold(stralloc *out, const char *s, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		if (s[i] != '\n' && s[i] != '\r')
			text_catb(out, s + i, 1);
}

static int
is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* The length of the word, or of the blanks, at the beginning of s[0..len). */
static size_t
run(const char *s, size_t len, int of_spaces)
{
	size_t n = 0;

	while (n < len && is_space(s[n]) == of_spaces)
		n++;
	return n;
}

static int
is_encoded_word(const char *s, size_t len)
{
	return len > 6 && memcmp(s, "=?", 2) == 0 && memcmp(s + len - 2, "?=", 2) == 0;
}

/*
 * How much of s[0..len), which begins with a word that is not ASCII, is encoded together:
 * such words with the blanks between them, for a reader drops blanks between encoded
 * words; and those before an encoded word of the author's.
 */
static size_t
length_together(const char *s, size_t len)
{
	size_t n = run(s, len, 0), blanks, word;

	for (;;) {
		blanks = run(s + n, len - n, 1);
		word = run(s + n + blanks, len - n - blanks, 0);
		if (!utf8_is_ascii(s + n + blanks, word))
			n += blanks + word;
		else
			return is_encoded_word(s + n + blanks, word) ? n + blanks : n;
	}
}

void
mime_words_text(stralloc *out, const char *s, size_t len, const char *eol)
{
	stralloc plain = {0};
	size_t at = 0, blanks = 0, n;
	int after_encoded = 0;

	while (at < len) {
		n = run(s + at, len - at, 1);
		text_catb(out, s + at, n);
		blanks = n;
		at += n;
		n = run(s + at, len - at, 0);
		if (utf8_is_ascii(s + at, n)) {
			text_catb(out, s + at, n);
			after_encoded = is_encoded_word(s + at, n);
			at += n;
			continue;
		}
		n = length_together(s + at, len - at);
		if (!after_encoded)
			blanks = 0;
		plain.len = 0;
		mime_words_unfold(&plain, s + at - blanks, blanks + n);
		mime_words_put(out, plain.s, plain.len, eol);
		at += n;
		if (at < len && !is_space(s[at]))
			text_catb(out, " ", 1);
		after_encoded = 1;
	}
	stralloc_free(&plain);
}
