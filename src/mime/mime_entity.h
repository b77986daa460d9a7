#ifndef MIME_MIME_ENTITY_H
#define MIME_MIME_ENTITY_H

/* A message or a part that is being converted, and its header. */

#include "mime/mime_header.h"
#include "mime/mime_output.h"

/* What all entities of a message have in common. */
struct mime_entity_task {
	int keeps_eight_bit; /* only lines that are too long are a reason to encode */
	size_t line_max;     /* octets of a line, without its end; 0: any length */
	struct mime_output out;
	const char *reason; /* why it can't be done */
};

struct mime_entity {
	const char *start;
	struct mime_header header;
	const char *default_type; /* if the header has none */
	const char *charset;      /* of an encoded body; or null */
	unsigned depth;
	int is_message; /* and not a part */
	int is_changed; /* something in its body will be */
};

/*
 * Write the header, the empty line included.  label is the encoding that the body gets,
 * or null: then one that says 8bit or binary says 7bit after this, unless 8-bit text is
 * kept.  A message that is changed gets what makes it MIME where that is missing, RFC
 * 2045, 4.  Returns 0; or -1 with reason when a field can't be written in
 * ASCII.
 */
int mime_entity_put_header(
    struct mime_entity_task *c, const struct mime_entity *e, const char *label);

#endif
