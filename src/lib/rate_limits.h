#ifndef LIB_RATE_LIMITS_H
#define LIB_RATE_LIMITS_H

/* How many messages, recipients and failures an hour may have: control/ratelimits. */

#include <stddef.h>
#include <stdint.h>

/* What is counted. */
enum rate_measure { RATE_MESSAGES, RATE_RECIPIENTS, RATE_FAILED, RATE_MEASURES };

/* How many of each an hour may have; 0: any number. */
struct rate_limits {
	uint64_t most[RATE_MEASURES];
};

/*
 * Parse the whole of s, MESSAGES RECIPIENTS FAILED with one or more separators between
 * them.  Returns 1, or 0 when it is malformed.
 */
int rate_limits_scan(struct rate_limits *limits, const char *s, char separator);

/* Is line, a C string, fit for control/ratelimits? */
int rate_limits_is_line(const char *line);

/*
 * Find the limits in the lines of control/ratelimits (each ended by \0): those of the
 * user, unless it is null, or else of the address ip, in the first line that names it;
 * *is_general is then 0.  Else those of the line "user" or "client", *is_general being 1.
 * Returns 1, or 0 when no line fits.  Malformed lines are logged.
 */
int rate_limits_find(struct rate_limits *limits, int *is_general, const char *list,
    size_t len, const char *user, const char *ip);

#endif
