#include <string.h>

#include "lib/text.h"
#include "origin/results_field.h"

void
results_field_begin(stralloc *field, const char *name)
{
	text_cat(field, "Authentication-Results: ", name, (char *)NULL);
}

void
results_field_method(stralloc *field, const char *method, const char *result)
{
	text_cat(field, ";\n\t", method, "=", result, (char *)NULL);
}

/* Is it a token of RFC 2045, 5.1, which needs no quotes? */
static int
is_token(const char *s)
{
	for (; *s; s++)
		if (*s <= ' ' || *s > '~' || strchr("()<>@,;:\\\"/[]?=", *s) != NULL)
			return 0;
	return 1;
}

/* Append what is printable ASCII of s, the rest as "?". */
static void
put(stralloc *field, const char *s, const char *escaped)
{
	size_t n;

	for (n = 0; *s && n < RESULTS_TEXT_MAX; s++, n++) {
		char c = *s < ' ' || *s > '~' ? '?' : *s;

		if (strchr(escaped, c) != NULL)
			text_cat(field, "\\", (char *)NULL);
		text_catb(field, &c, 1);
	}
}

void
results_field_property(
    stralloc *field, const char *type, const char *name, const char *value)
{
	if (value == NULL || *value == '\0')
		return;
	text_cat(field, " ", type, ".", name, "=", (char *)NULL);
	if (is_token(value)) {
		text_cat(field, value, (char *)NULL);
		return;
	}
	text_cat(field, "\"", (char *)NULL);
	put(field, value, "\"\\");
	text_cat(field, "\"", (char *)NULL);
}

void
results_field_reason(stralloc *field, const char *text)
{
	if (text == NULL || *text == '\0')
		return;
	text_cat(field, " (", (char *)NULL);
	put(field, text, "()\\");
	text_cat(field, ")", (char *)NULL);
}

void
results_field_end(stralloc *field, int has_methods)
{
	text_cat(field, has_methods ? "\n" : "; none\n", (char *)NULL);
}
