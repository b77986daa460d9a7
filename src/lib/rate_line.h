#ifndef LIB_RATE_LINE_H
#define LIB_RATE_LINE_H

#include <stdint.h>

/* A line of control/rates: `WHO RATE`. */
struct rate_line {
	const char *name; /* of a domain or host, in lower case; "" stands for all */
	int is_below;     /* not it, but all below it */
	int is_mx;        /* it is a host, and all domains behind it share the rate */
	int64_t interval; /* microseconds between two messages */
};

/*
 * Take the C string line apart: WHO is DOMAIN, .DOMAIN, mx:HOST, mx:.HOST or *; RATE is
 * NUMBER or NUMBER/SECONDS.  line is overwritten and holds the name.  Returns 1, or 0
 * when it is not such a line.
 */
int rate_line_parse(struct rate_line *r, char *line);

#endif
