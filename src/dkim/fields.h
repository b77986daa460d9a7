#ifndef DKIM_FIELDS_H
#define DKIM_FIELDS_H

/* The header of a message, kept as it is while the message comes. */

#include <stddef.h>
#include <stdint.h>

#include <stralloc.h>

#define FIELDS_MAX 4096           /* fields of a header */
#define FIELDS_OCTETS_MAX 1048576 /* bytes of all of them */

struct fields_one {
	size_t at, len; /* where it stands in text, its line end included */
	size_t name;    /* the length of its name; 0 when the line is no field */
	uint32_t hash;  /* of the name */
};

/* Zeroed to begin with. */
struct fields {
	stralloc text;
	struct fields_one *all; /* count of them, from the top */
	size_t count;
	size_t line;      /* where in text the line begins that is not over yet */
	size_t octets;    /* that have come of it */
	char first;       /* of them */
	int ended;        /* by the empty line, or by fields_end */
	int is_too_large; /* what came last has not been kept */
};

/*
 * Keep s[0..len), the next piece of a message, as far as it is header.  Returns how much
 * of it was: the empty line that ends the header is; what follows is not.  Dies with
 * DEFER when memory is short.
 */
size_t fields_feed(struct fields *fields, const char *s, size_t len);

/* The message is over, even if its header is not. */
void fields_end(struct fields *fields);

/*
 * The lowest field of that name, in any case, above the field before (fields->count to
 * begin with).  Returns its place, or fields->count when there is none.
 */
size_t fields_find_above(
    const struct fields *fields, size_t before, const char *name, size_t len);

/* What stands after the colon of the field at, with its line end; sets *len. */
const char *fields_value(const struct fields *fields, size_t at, size_t *len);

/* Free what it holds. */
void fields_free(struct fields *fields);

#endif
