#include <string.h>
#include <strings.h>

#include "lib/lower.h"
#include "mime/mime_type.h"

static int
is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

size_t
mime_type_skip(const char *s, size_t len, size_t at)
{
	size_t depth = 0;

	for (; at < len; at++) {
		if (s[at] == '(')
			depth++;
		else if (s[at] == ')' && depth > 0)
			depth--;
		else if (s[at] == '\\' && depth > 0)
			at++;
		else if (depth == 0 && !is_space(s[at]))
			break;
	}
	return at < len ? at : len;
}

size_t
mime_type_token(const char *s, size_t len, size_t at)
{
	size_t n = 0;

	while (at + n < len && s[at + n] > ' ' && s[at + n] < 127 &&
	       strchr("()<>@,;:\\\"/[]?=", s[at + n]) == NULL)
		n++;
	return n;
}

/* Copy the token at s[at..len) in lower case.  Returns its length; 0 if it does not fit.
 */
static size_t
take_name(char *name, const char *s, size_t len, size_t at)
{
	size_t n = mime_type_token(s, len, at), i;

	if (n > MIME_TYPE_NAME_MAX)
		return 0;
	for (i = 0; i < n; i++)
		name[i] = lower_char(s[at + i]);
	name[n] = '\0';
	return n;
}

/*
 * Take a parameter's value at s[at..len) to out, which holds max bytes; *n is its length,
 * max + 1 when it is longer.  Returns where it ends.  One that is not quoted goes up to
 * the next semicolon, blank or comment, whatever stands in it.
 */
static size_t
take_value(char *out, size_t max, size_t *n, const char *s, size_t len, size_t at)
{
	int quoted = at < len && s[at] == '"';

	*n = 0;
	for (at += (size_t)quoted; at < len; at++) {
		if (quoted ? s[at] == '"'
			   : s[at] == ';' || s[at] == '(' || is_space(s[at]))
			break;
		if (quoted && s[at] == '\\' && at + 1 < len)
			at++;
		else if (s[at] == '\r' || s[at] == '\n')
			continue;
		if (*n < max)
			out[*n] = s[at];
		if (*n <= max)
			++*n;
	}
	return at < len && quoted ? at + 1 : at;
}

/* Go to the next semicolon outside quotes and comments. */
static size_t
find_parameter(const char *s, size_t len, size_t at)
{
	char ignored[1];
	size_t n, next;

	while (at < len && s[at] != ';') {
		next = mime_type_skip(s, len, at);
		if (next == at)
			next = s[at] == '"' ? take_value(ignored, 0, &n, s, len, at)
					    : at + 1;
		at = next;
	}
	return at;
}

static void
take_boundary(struct mime_type *type, const char *s, size_t len, size_t at)
{
	size_t n;

	take_value(type->boundary, MIME_TYPE_BOUNDARY_MAX, &n, s, len, at);
	if (n > MIME_TYPE_BOUNDARY_MAX)
		n = 0;
	while (n > 0 && is_space(type->boundary[n - 1]))
		n--; /* blanks may be added behind a delimiter: RFC 2046, 5.1.1 */
	type->boundary[n] = '\0';
	type->boundary_len = n;
}

static void
take_parameters(struct mime_type *type, const char *s, size_t len, size_t at)
{
	size_t n;

	while ((at = find_parameter(s, len, at)) < len) {
		at = mime_type_skip(s, len, at + 1);
		n = mime_type_token(s, len, at);
		if (n == 8 && strncasecmp(s + at, "boundary", 8) == 0) {
			at = mime_type_skip(s, len, at + n);
			if (at < len && s[at] == '=') {
				take_boundary(
				    type, s, len, mime_type_skip(s, len, at + 1));
				return;
			}
		}
		at += n;
	}
}

void
mime_type_parse(struct mime_type *type, const char *s, size_t len)
{
	size_t at = mime_type_skip(s, len, 0), n;

	type->boundary[0] = '\0';
	type->boundary_len = 0;
	n = take_name(type->top, s, len, at);
	at = mime_type_skip(s, len, at + n);
	if (n > 0 && at < len && s[at] == '/') {
		at = mime_type_skip(s, len, at + 1);
		n = take_name(type->sub, s, len, at);
		if (n > 0) {
			take_parameters(type, s, len, at + n);
			return;
		}
	}
	strcpy(type->top, "text");
	strcpy(type->sub, "plain");
}

int
mime_type_is(const struct mime_type *type, const char *top, const char *sub)
{
	return strcmp(type->top, top) == 0 &&
	       (sub == NULL || strcmp(type->sub, sub) == 0);
}
