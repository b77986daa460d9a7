#ifndef REPORT_ORIGINAL_H
#define REPORT_ORIGINAL_H

#include <stddef.h>

#include <stralloc.h>

#include "queue/file.h"

/* What of the original message goes with a report, fit for a MIME part. */
struct original {
	stralloc bytes;      /* ends with a newline unless it is empty */
	stralloc message_id; /* the header's, with its brackets; a C string, or empty */
	int whole;           /* it is all of the message, not only its header */
	int unfit; /* it is not, for it holds what no part can: null bytes, long lines */
	int cut;   /* the header goes on */
	int header_eight; /* there are bytes over 127 in the header */
};

/*
 * Read it from f: all of the message when it is wanted, has at most max bytes and is fit;
 * else its header, of that at most max bytes, whole lines.  Lines that are too long are
 * folded, control characters become '?'.  o is zeroed to begin with.  Returns 0, or -1
 * with errno.  Dies with DEFER when memory is short.
 */
int original_read(struct original *o, const struct file *f, size_t max, int header_only);

/* The same of message, of which all was read when whole: a file's contents without file.
 */
void original_take(struct original *o, stralloc *message, int whole, int header_only);

#endif
