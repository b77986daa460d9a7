#ifndef SUBMIT_SUBMIT_MESSAGE_H
#define SUBMIT_SUBMIT_MESSAGE_H

/* The message that a program gives, read and sent on. */

#include <stddef.h>

#include <stralloc.h>

#include "lib/output.h"
#include "submit/submit_input.h"

/* Zeroed to begin with, but for header_max and what the caller says. */
struct submit_message {
	struct submit_input input;
	const char *from; /* the field to add if there is none, "\n" included */
	const char *host; /* ours, for the Message-ID to add */
	size_t header_max;

	stralloc head;   /* what has been read: the header and the begin of the body */
	size_t body;     /* where that begins */
	stralloc header; /* as it will be sent, but for the fields to add */
};

/* Read up to the end of the header.  Returns 0, or a code of sysexits.h after having said
 * what is wrong. */
int submit_message_read_header(struct submit_message *message);

/*
 * Complete the addresses in it, with domain and caller (submit_header_complete), and
 * append its recipients, each ended by \0, if that is not null.  Returns null, or the
 * name of the field that is malformed.
 */
const char *submit_message_complete(struct submit_message *message, const char *domain,
    const char *caller, stralloc *out);

/*
 * Send it, read to its end, as SMTP has it (RFC 5321, 4.5.2), with the final dot; Bcc
 * goes, what is missing in the header comes.  Returns 0, or a code of sysexits.h, and
 * then the final dot has not been said.  What fails in writing the output knows.
 */
int submit_message_send(struct submit_message *message, struct output *output);

#endif
