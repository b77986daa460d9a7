#ifndef MILTER_MILTER_EDIT_H
#define MILTER_MILTER_EDIT_H

/* A message's header and envelope, and the changes that a milter wants. */

#include <stddef.h>

#include <stralloc.h>

#include "lib/spool.h"
#include "milter/milter_fields.h"

#define MILTER_EDIT_RCPT_MAX 1000       /* recipients that a milter may add */
#define MILTER_EDIT_BODY_MAX 1073741824 /* bytes of a body, or some more */

/* Zeroed to begin with, but for header.is_verbatim and domain. */
struct milter_edit {
	struct milter_fields header;
	const char *domain; /* of names without one; null: such names are malformed */

	/* what has been asked for besides */
	stralloc *sender; /* the new one; null: as it was */
	stralloc new_sender;
	stralloc added; /* recipients, each ended by \0 */
	size_t added_count;
	stralloc deleted;    /* the same */
	stralloc quarantine; /* why; empty: it is not */
	struct spool body;   /* in place of the message's, if is_replaced */
	int is_replaced;
	int error; /* errno of the spool */
	int last;  /* byte of it that came, -1: none; a CR has not been put yet */
};

/*
 * Note what a packet wants: command and data of milter_packet.h.  Returns 1, or 0 when it
 * is malformed.
 */
int milter_edit_note(struct milter_edit *e, char command, const char *s, size_t len);

/* No change follows.  Returns 0, or -1 with errno when the new body can't be kept. */
int milter_edit_end(struct milter_edit *e);

/*
 * Append the envelope s[0..len), sink(5), as it is to be.  Returns 1; 0 when no recipient
 * is left; -1 when s is none.
 */
int milter_edit_put_envelope(
    const struct milter_edit *e, stralloc *out, char *s, size_t len);

#endif
