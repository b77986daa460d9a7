#ifndef ORIGIN_TALLY_WRITE_H
#define ORIGIN_TALLY_WRITE_H

/* The result of one message, added to those of its day. */

#include <time.h>

#include "origin/assessment.h"
#include "origin/tally.h"

/*
 * Append the lines of one message: a line for each domain of the author whose record
 * wants reports.  Returns 0, or -1 with errno: EFBIG when the day has too many.  Dies
 * with DEFER when memory is short.
 */
int tally_write(
    const struct assessment *a, enum assessment_mode mode, const char *ip, time_t now);

#endif
