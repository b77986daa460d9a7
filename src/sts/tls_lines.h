#ifndef STS_TLS_LINES_H
#define STS_TLS_LINES_H

/* What was noted on a day, sorted, so that what belongs together stands together. */

#include <stddef.h>

#include <stralloc.h>

#include "lib/tls_noted.h"

struct tls_line {
	const char *fields[TLS_NOTED_FIELDS];
};

/* Zeroed to begin with. */
struct tls_lines {
	stralloc bytes;
	struct tls_line *list;
	size_t n;
};

/*
 * Read the file of the day, but for lines that are malformed.  Returns 0; -1 with errno,
 * ENOENT when nothing was noted. Dies with DEFER when memory is short.
 */
int tls_lines_read(struct tls_lines *lines, const char *day);
void tls_lines_free(struct tls_lines *lines);

/*
 * Where the lines end that are like line begin in the fields up to last, of which the
 * first is TLS_NOTED_DOMAIN.
 */
size_t tls_lines_end(
    const struct tls_lines *lines, size_t begin, enum tls_noted_field last);

#endif
