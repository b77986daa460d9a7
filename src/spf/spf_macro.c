#include <string.h>

#include "lib/lower.h"
#include "spf/spf_macro.h"

#define DELIMITERS ".-+,/_="
#define LETTERS "slodiphv"
#define LETTERS_EXPLANATION LETTERS "crt"
#define PARTS_MAX 255 /* more than any name has */

static int
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static int
is_alphanumeric(char c)
{
	return is_digit(c) || (lower_char(c) >= 'a' && lower_char(c) <= 'z');
}

static int
is_one_of(const char *set, char c)
{
	return c != '\0' && strchr(set, c) != NULL;
}

static int
read_macro(struct spf_macro *m, const char *s, size_t len, const char *letters)
{
	const char *close = memchr(s, '}', len);
	size_t at, end;

	memset(m, 0, sizeof(*m));
	m->len = 2;
	if (len < 2)
		return 0;
	m->letter = s[1];
	if (s[1] != '{')
		return s[1] == '%' || s[1] == '_' || s[1] == '-';
	if (close == NULL || close < s + 3)
		return 0;
	end = (size_t)(close - s);
	m->len = end + 1;
	m->letter = lower_char(s[2]);
	m->is_url = m->letter != s[2];
	if (!is_one_of(letters, m->letter))
		return 0;
	for (at = 3; is_digit(s[at]); at++)
		if (m->parts <= PARTS_MAX)
			m->parts = 10 * m->parts + (size_t)(s[at] - '0');
	if (at > 3 && m->parts == 0)
		return 0;
	if (lower_char(s[at]) == 'r') {
		m->is_reversed = 1;
		at++;
	}
	m->delimiters = s + at;
	m->delimiters_len = end - at;
	for (; at < end; at++)
		if (!is_one_of(DELIMITERS, s[at]))
			return 0;
	return 1;
}

/*
 * Is it made of literals between first and '~' and of macros?  *last is where the last
 * macro ends, 0 when there is none.
 */
static int
is_made(const char *s, size_t len, char first, const char *letters, size_t *last)
{
	struct spf_macro m;
	size_t at;

	*last = 0;
	for (at = 0; at < len; at++) {
		if (s[at] == '%') {
			if (!read_macro(&m, s + at, len - at, letters))
				return 0;
			at += m.len - 1;
			*last = at + 1;
		} else if (s[at] < first || s[at] > '~') {
			return 0;
		}
	}
	return 1;
}

int
spf_macro_is_string(const char *s, size_t len)
{
	size_t last;

	return is_made(s, len, '!', LETTERS, &last);
}

int
spf_macro_is_explanation(const char *s, size_t len)
{
	size_t last;

	return is_made(s, len, ' ', LETTERS_EXPLANATION, &last);
}

/* A toplabel: letters, digits and hyphens, not digits only. */
static int
is_top_label(const char *s, size_t len)
{
	int is_number = 1;
	size_t i;

	if (len == 0 || s[0] == '-' || s[len - 1] == '-')
		return 0;
	for (i = 0; i < len; i++) {
		if (!is_alphanumeric(s[i]) && s[i] != '-')
			return 0;
		is_number &= is_digit(s[i]);
	}
	return !is_number;
}

int
spf_macro_is_domain(const char *s, size_t len)
{
	size_t last, label;

	if (!is_made(s, len, '!', LETTERS, &last) || len == 0)
		return 0;
	if (last == len)
		return 1;
	if (s[len - 1] == '.')
		len--;
	for (label = len; label > last && s[label - 1] != '.'; label--)
		;
	return label > last && is_top_label(s + label, len - label);
}

int
spf_macro_uses(const char *s, size_t len, const char *letters)
{
	struct spf_macro m;
	size_t at;

	for (at = 0; at < len; at++)
		if (s[at] == '%' &&
		    read_macro(&m, s + at, len - at, LETTERS_EXPLANATION)) {
			at += m.len - 1;
			if (m.delimiters != NULL && strchr(letters, m.letter) != NULL)
				return 1;
		}
	return 0;
}

int
spf_macro_read(struct spf_macro *m, const char *s, size_t len)
{
	return read_macro(m, s, len, LETTERS_EXPLANATION);
}
