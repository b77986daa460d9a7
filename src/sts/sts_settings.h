#ifndef STS_STS_SETTINGS_H
#define STS_STS_SETTINGS_H

/* Control files, read without libowfat. */

#include <stddef.h>

#define STS_SETTINGS_LINE_MAX 1024

/*
 * The first line of control/name without blanks at its end.  Returns 1; 0, and it is
 * empty, when there is none; -1 with errno when it can't be read.
 */
int sts_settings_line(const char *name, char line[STS_SETTINGS_LINE_MAX]);

/*
 * The number on the first line of control/name, 1 to most; fallback when there is none.
 * One that is malformed is logged, and fallback too.
 */
unsigned sts_settings_number(const char *name, unsigned fallback, unsigned most);

/*
 * The lines of control/name that are no comments, with commas between.  Returns as
 * sts_settings_line; -1 with ERANGE when they don't fit.
 */
int sts_settings_list(const char *name, char *list, size_t max);

#endif
