#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lib/heap.h"
#include "lib/text.h"
#include "milter/milter_fields.h"

static size_t
name_length(const char *s, size_t len)
{
	const char *colon = memchr(s, ':', len);
	size_t n = colon != NULL ? (size_t)(colon - s) : 0;

	while (n > 0 && (s[n - 1] == ' ' || s[n - 1] == '\t'))
		n--;
	return n;
}

/* Make room for a field at index, and put s[0..len) there. */
static void
insert(struct milter_fields *f, size_t index, const char *s, size_t len, int is_hidden)
{
	struct milter_field *field;

	f->fields = heap_grow(f->fields, f->count, sizeof *f->fields);
	field = f->fields + index;
	memmove(field + 1, field, (f->count - index) * sizeof *field);
	f->count++;
	*field = (struct milter_field){.s = heap_make(len + 1, 1),
	    .len = len,
	    .name_len = name_length(s, len),
	    .is_hidden = is_hidden};
	memcpy(field->s, s, len);
}

void
milter_fields_append(struct milter_fields *f, const char *s, size_t len, int is_hidden)
{
	insert(f, f->count, s, len, is_hidden);
}

/* The name of a field: RFC 5322, 3.6.8. */
static int
is_name(const char *s)
{
	size_t i;

	for (i = 0; s[i] != '\0'; i++)
		if (s[i] <= ' ' || s[i] >= 127 || s[i] == ':')
			return 0;
	return i > 0;
}

/* "Name: value\n", the value's line ends LF, and each further line a folded one. */
static void
make_field(stralloc *out, const char *name, const char *value, int is_verbatim)
{
	const char *s = value;
	size_t len;

	text_cat(out, name, ":", (char *)NULL);
	if (!is_verbatim && *value != ' ' && *value != '\t')
		text_cat(out, " ", (char *)NULL);
	while (*s != '\0') {
		len = strcspn(s, "\r\n");
		text_catb(out, s, len);
		s += len;
		len = strspn(s, "\r\n");
		if (memchr(s, '\n', len) != NULL)
			text_cat(out, s[len] == ' ' || s[len] == '\t' ? "\n" : "\n\t",
			    (char *)NULL);
		s += len;
	}
	while (out->len > 0 && strchr("\n\t ", out->s[out->len - 1]) != NULL)
		out->len--;
	text_cat(out, "\n", (char *)NULL);
}

/* The index of the nth field of that name, 1 the first; count when there is none. */
static size_t
find(const struct milter_fields *f, const char *name, uint32_t n)
{
	size_t i;

	for (i = 0; i < f->count; i++)
		if (!f->fields[i].is_hidden && f->fields[i].s != NULL &&
		    f->fields[i].name_len == strlen(name) &&
		    strncasecmp(f->fields[i].s, name, strlen(name)) == 0 && --n == 0)
			return i;
	return f->count;
}

static void
delete_field(struct milter_fields *f, size_t i)
{
	free(f->fields[i].s);
	f->count--;
	memmove(f->fields + i, f->fields + i + 1, (f->count - i) * sizeof *f->fields);
}

/* Put a field of that name and value at index.  Returns 1, or 0. */
static int
put(struct milter_fields *f, size_t index, const char *name, const char *value)
{
	stralloc field = {0};

	if (!is_name(name))
		return 0;
	make_field(&field, name, value, f->is_verbatim);
	insert(f, index, field.s, field.len, 0);
	stralloc_free(&field);
	return 1;
}

int
milter_fields_add(struct milter_fields *f, const char *name, const char *value)
{
	return put(f, f->count, name, value);
}

int
milter_fields_insert(
    struct milter_fields *f, uint32_t n, const char *name, const char *value)
{
	return put(f, n < f->count ? n : f->count, name, value);
}

int
milter_fields_change(
    struct milter_fields *f, uint32_t n, const char *name, const char *value)
{
	size_t i;

	if (!is_name(name))
		return 0;
	i = find(f, name, n > 0 ? n : 1);
	if (i < f->count)
		delete_field(f, i);
	/* what is not there is added, unless it was to be deleted */
	return *value == '\0' || put(f, i, name, value);
}

void
milter_fields_write(const struct milter_fields *f, stralloc *out)
{
	size_t i;

	for (i = 0; i < f->count; i++)
		text_catb(out, f->fields[i].s, f->fields[i].len);
}

void
milter_fields_free(struct milter_fields *f)
{
	while (f->count > 0)
		free(f->fields[--f->count].s);
	free(f->fields);
	f->fields = NULL;
}
