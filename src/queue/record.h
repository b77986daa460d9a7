#ifndef QUEUE_RECORD_H
#define QUEUE_RECORD_H

/* The records in the batches of the queue's journal: queue(5). */

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include <stralloc.h>

#include "lib/queueid.h"

/* What a record says of a message. */
enum record_type {
	RECORD_MESSAGE = 'M', /* this is it: the body is a queue file */
	RECORD_SETTLED = 'S', /* it is done, body RECORD_DONE, or was never acknowledged,
				 no body; and so is what was prepared of it */
	RECORD_FILED = 'F', /* it is a file; what was prepared of it stays so: no body */
	RECORD_LINES = 'L', /* lines for the journal of its file */
	RECORD_PREPARED = 'P', /* it is prepared for the mailbox that the body names */
};

#define RECORD_HEAD 48 /* bytes before the body */
#define RECORD_DONE "d"

struct record {
	enum record_type type;
	char id[QUEUEID_LEN + 1];
	uint64_t time; /* seconds since 1970: when the record was made first */
	uint64_t boot; /* of RECORD_PREPARED: of which boot of the machine; else 0 */
	const char *body;
	size_t len; /* of the body */
};

/*
 * Append the head of r to sa; its r->len bytes of body are to be appended by the caller.
 * Dies with DEFER when memory is short.
 */
void record_begin(stralloc *sa, const struct record *r);

/* Append r with its body. */
void record_put(stralloc *sa, const struct record *r);

/*
 * Read the record at the beginning of s[0..len), into which its body points.  Returns the
 * bytes that it takes; -1 when there is none, or of a type that is not known.
 */
ssize_t record_parse(struct record *r, const char *s, size_t len);

#endif
