#ifndef MILTER_MILTER_FIELDS_H
#define MILTER_MILTER_FIELDS_H

/* The fields of a header, and their changes. */

#include <stddef.h>
#include <stdint.h>

#include <stralloc.h>

/* A field: its bytes, with the LF at the end. */
struct milter_field {
	char *s;
	size_t len;
	size_t name_len;
	int is_hidden; /* ours, which milters are not shown, and can't change */
};

/* Zeroed to begin with, but for is_verbatim. */
struct milter_fields {
	struct milter_field *fields;
	size_t count;
	int is_verbatim; /* new values bring the blank behind the colon along */
};

/* Append the field s[0..len), with its LF. */
void milter_fields_append(
    struct milter_fields *f, const char *s, size_t len, int is_hidden);

/*
 * Add a field behind the last one; as the nth of all, 0 the first, those hidden counted
 * as milters expect of Postfix; or in place of the nth
 * with that name, 1 the first, which no value deletes.  Lines of a value end with LF or
 * CRLF; it is made sound: none of them can be a field of its own or end the header.
 * Returns 1, or 0 when the name is none.
 */
int milter_fields_add(struct milter_fields *f, const char *name, const char *value);
int milter_fields_insert(
    struct milter_fields *f, uint32_t n, const char *name, const char *value);
int milter_fields_change(
    struct milter_fields *f, uint32_t n, const char *name, const char *value);

/* Append the header as it is now, without the empty line. */
void milter_fields_write(const struct milter_fields *f, stralloc *out);

void milter_fields_free(struct milter_fields *f);

#endif
