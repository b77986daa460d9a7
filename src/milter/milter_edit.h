#ifndef MILTER_MILTER_EDIT_H
#define MILTER_MILTER_EDIT_H

/* A message's header and envelope, and the changes that a milter wants. */

#include <stddef.h>

#include <stralloc.h>

#include "lib/spool.h"

#define MILTER_EDIT_RCPT_MAX 1000 /* recipients that a milter may add */

/* A field of the header: its bytes, with the LF at the end; none: it is deleted. */
struct milter_field {
	char *s;
	size_t len;
	size_t name_len;
	int is_hidden; /* ours, which milters are not shown */
};

/* Zeroed to begin with. */
struct milter_edit {
	struct milter_field *fields;
	size_t count;

	/* what has been asked for besides */
	stralloc *sender; /* the new one; null: as it was */
	stralloc new_sender;
	stralloc added; /* recipients, each ended by \0 */
	size_t added_count;
	stralloc deleted;    /* the same */
	stralloc quarantine; /* why; empty: it is not */
	struct spool body;   /* in place of the message's, if is_replaced */
	int is_replaced;
	int error;  /* errno of the spool */
	int was_cr; /* the last byte of it */
};

/* Take the field s[0..len), with its LF. */
void milter_edit_field(struct milter_edit *e, const char *s, size_t len, int is_hidden);

/*
 * Note what a packet wants: command and data of milter_packet.h.  Returns 1, or 0 when it
 * is malformed.  What it adds is made sound: no line of it can be a field of its own or
 * end the header.
 */
int milter_edit_note(struct milter_edit *e, char command, const char *s, size_t len);

/* Append the header as it is now, without the empty line. */
void milter_edit_put_header(const struct milter_edit *e, stralloc *out);

/*
 * Append the envelope s[0..len), sink(5), as it is to be.  Returns 1; 0 when no recipient
 * is left; -1 when s is none.
 */
int milter_edit_put_envelope(
    const struct milter_edit *e, stralloc *out, char *s, size_t len);

#endif
