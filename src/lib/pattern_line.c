#include <string.h>
#include <strings.h>

#include "lib/address.h"
#include "lib/domain_form.h"
#include "lib/pattern_line.h"
#include "lib/text.h"

const char *
pattern_line_blank(const char *line)
{
	size_t n = strcspn(line, " \t");

	return line[n] != '\0' ? line + n : NULL;
}

const char *
pattern_line_find(
    const char *list, size_t len, pattern_line_end *end, const char *key, size_t n)
{
	for (const char *line = list; line < list + len; line += strlen(line) + 1) {
		const char *to = end(line);
		size_t size = to != NULL ? (size_t)(to - line) : strlen(line);

		if (size > 1 && line[size - 1] == '.')
			size--;
		if (size == n && strncasecmp(line, key, n) == 0)
			return line;
	}
	return NULL;
}

/* Where in the domain s[0..n) the next dot behind from is, or its end. */
static size_t
next_dot(const char *s, size_t n, size_t from)
{
	const char *dot = from < n ? memchr(s + from, '.', n - from) : NULL;

	return dot != NULL ? (size_t)(dot - s) : n;
}

/* Both spellings have the same labels. */
const char *
pattern_line_closest(const char *list, size_t len, pattern_line_end *end,
    const char *before, const char *domain)
{
	size_t n = strlen(domain), i = 0, k = 0, start = strlen(before);
	stralloc key = {0}, other = {0};
	const char *line = NULL;

	if (n > 0 && domain[n - 1] == '.')
		n--;
	domain_form_other(&other, domain, n);
	while (line == NULL && i < n) {
		text_setb(&key, before, start);
		text_catb(&key, domain + i, n - i);
		line = pattern_line_find(list, len, end, key.s, key.len);
		if (line == NULL && k < other.len) {
			text_setb(&key, before, start);
			text_catb(&key, other.s + k, other.len - k);
			line = pattern_line_find(list, len, end, key.s, key.len);
		}
		/* there is nothing above an address */
		if (domain[0] == '[')
			break;
		i = next_dot(domain, n, i + 1);
		k = next_dot(other.s, other.len, k + 1);
	}
	stralloc_free(&key);
	stralloc_free(&other);
	return line;
}

const char *
pattern_line_sender(
    const char *list, size_t len, pattern_line_end *end, const char *sender)
{
	size_t n = strlen(sender), at = address_domain(sender, n);
	const char *line;

	if (at == 0)
		return NULL;
	line =
	    pattern_line_find(list, len, end, sender, sender[n - 1] == '.' ? n - 1 : n);
	return line != NULL ? line
			    : pattern_line_closest(list, len, end, "@", sender + at);
}
