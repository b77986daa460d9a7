#ifndef ORIGIN_INCOMING_H
#define ORIGIN_INCOMING_H

/* The header of a message from outside, as it passes: what it says, and must not say. */

#include <stddef.h>

#include <stralloc.h>

#include "origin/claim.h"

#define INCOMING_FROM_MAX 65536 /* bytes of all From fields that are looked at */
#define INCOMING_HELD_MAX                                                                \
	65536 /* of a field until it is known who claims to be its author */
#define INCOMING_NAME_MAX 32 /* bytes of a name that is known */

enum incoming_field {
	INCOMING_OTHER,
	INCOMING_FROM,
	INCOMING_RESULTS,  /* Authentication-Results */
	INCOMING_MARK,     /* X-Facteur-Quarantine, which is ours to write */
	INCOMING_SIGNATURE /* DKIM-Signature */
};

/* Zeroed to begin with, but for name, ours in lower case. */
struct incoming {
	const char *name;
	int ended;           /* the header has: the rest passes as it is */
	unsigned froms;      /* From fields so far */
	unsigned signatures; /* DKIM-Signature fields so far */
	unsigned removed;    /* fields so far */
	int is_from_cut;     /* there was more in them than is looked at */
	stralloc from;       /* what stands in them, a NUL between */

	int in_line;
	int is_dropping; /* the field that we are in */
	int is_holding;  /* it: until its claim is known */
	enum incoming_field field;
	int has_blank; /* behind the name */
	size_t name_len;
	char field_name[INCOMING_NAME_MAX];
	stralloc held;
	struct claim claim;
};

/*
 * Append to out what passes of s[0..len), or of its beginning when the header ends there;
 * lines end with LF.  Returns the bytes taken.  Dies with DEFER when memory is short.
 */
size_t incoming_feed(struct incoming *in, stralloc *out, const char *s, size_t len);

/* The message is over: append what has been held. */
void incoming_end(struct incoming *in, stralloc *out);

/* Forget it, and free what it holds: it is zeroed. */
void incoming_clear(struct incoming *in);

#endif
