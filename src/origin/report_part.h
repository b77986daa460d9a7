#ifndef ORIGIN_REPORT_PART_H
#define ORIGIN_REPORT_PART_H

/* The parts of a message, decoded: one of them may be a report. */

#include <stddef.h>

#include <stralloc.h>

/* Zeroed to begin with, but for s and len, the caller's message. */
struct report_part {
	const char *s;
	size_t len;
	size_t at;
	int encoding; /* that the fields above have named */
	int is_field; /* it is the field that may go on in the next line */
};

/*
 * The next part, whatever it is, decoded into body.  Returns 1; 0 when there is none.
 * Dies with DEFER when memory is short.
 */
int report_part_next(struct report_part *part, stralloc *body);

#endif
