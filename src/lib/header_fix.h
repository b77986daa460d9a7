#ifndef LIB_HEADER_FIX_H
#define LIB_HEADER_FIX_H

/* The header of a submitted message made complete: RFC 6409, 8. */

#include <stddef.h>

#include <stralloc.h>

#define HEADER_FIX_FIELD_MAX 65536

/* What stands in the fields of a name. */
struct header_fix_field {
	int count;
	int is_too_long;
	stralloc value; /* of all of them, a comma between */
};

/*
 * Makes the header of a submitted message complete (RFC 6409, 8): Bcc goes, what is
 * missing of From, Date and Message-ID comes, and a line of an mbox above it goes.  The
 * message has LF line ends and comes in pieces of any size.  Zeroed to begin with, but
 * for what is to be added.
 */
struct header_fix {
	const char *date; /* the fields to add when there are none, "\n" included */
	const char *message_id;
	const char *from_added; /* or null: a message without From stays so */
	int ended; /* the header has; the rest of the message needs no fixing */
	struct header_fix_field from, sender;

	int in_line;
	int dropping; /* the field that we are in */
	struct header_fix_field
	    *kept;     /* the same, if it is one of those above, or null */
	int below_top; /* the client's header has begun */
	int has_date;
	int has_message_id;
	stralloc name; /* the beginning of a line that can't be judged yet */
};

/*
 * Append to out what comes of s[0..len), or of its beginning when the header ends there.
 * Returns the bytes taken.  Dies with DEFER when memory is short.
 */
size_t header_fix_feed(struct header_fix *fix, stralloc *out, const char *s, size_t len);

/* The message is over: append what is still missing. */
void header_fix_end(struct header_fix *fix, stralloc *out);

#endif
