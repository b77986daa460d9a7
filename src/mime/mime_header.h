#ifndef MIME_MIME_HEADER_H
#define MIME_MIME_HEADER_H

/* The header of a message or of a part, taken apart. */

#include <stddef.h>

#include "mime/mime_type.h"

/* What Content-Transfer-Encoding says: RFC 2045, 6. */
enum mime_label {
	MIME_7BIT, /* or nothing */
	MIME_8BIT,
	MIME_BINARY,
	MIME_QUOTED_PRINTABLE,
	MIME_BASE64,
	MIME_EXTENSION, /* x-token: nobody knows what it is */
	MIME_NONSENSE   /* taken for no encoding by all who read it */
};

struct mime_header {
	const char *fields; /* where they begin: behind a line "From " of an mbox */
	const char *end;    /* behind the last field */
	const char *body;   /* behind the empty line, if there is one, else the same */
	struct mime_type type;
	enum mime_label label;
	int has_type;
	int has_label;
	int has_version;
};

struct mime_header_field {
	const char *start;
	size_t name_len; /* 0: a line that goes on with nothing */
	const char *value;
	const char *end; /* behind its last line end */
};

/*
 * Parse the header at the beginning of s[0..len).  It ends at an empty line, or at one
 * that can't stand in a header, with which the body begins then.
 */
void mime_header_parse(struct mime_header *h, const char *s, size_t len);

/*
 * The field at *at, of those that go up to end; *at goes on to the next one.  Returns 0
 * when there is none.
 */
int mime_header_next(struct mime_header_field *f, const char **at, const char *end);

/* Is that its name, in any case? */
int mime_header_is(const struct mime_header_field *f, const char *name);

#endif
