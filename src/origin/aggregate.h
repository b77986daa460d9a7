#ifndef ORIGIN_AGGREGATE_H
#define ORIGIN_AGGREGATE_H

/* The results of a day, sorted: what is the same is counted. */

#include <stddef.h>

#include "origin/tally.h"

/* A line of the file; its fields are C strings. */
struct aggregate_line {
	char *fields[TALLY_FIELDS];
};

/* Zeroed to begin with. */
struct aggregate {
	char *file;
	size_t size;
	struct aggregate_line *lines; /* sorted by domain, then by all but the time */
	size_t n;
};

/* Read and sort the file path.  Returns 0, or -1 with errno.  Dies with DEFER when memory
 * is short. */
int aggregate_read(struct aggregate *a, const char *path);

/* The end of the lines that are about the same domain as line begin. */
size_t aggregate_domain_end(const struct aggregate *a, size_t begin);

/* The end of the lines, before end, that say the same as line begin. */
size_t aggregate_row_end(const struct aggregate *a, size_t begin, size_t end);

/* The latest of the lines from begin to end. */
const struct aggregate_line *aggregate_latest(
    const struct aggregate *a, size_t begin, size_t end);

/* Forget it. */
void aggregate_free(struct aggregate *a);

#endif
