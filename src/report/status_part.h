#ifndef REPORT_STATUS_PART_H
#define REPORT_STATUS_PART_H

/* The part of a report for programs: RFC 3464 and 6533. */

#include <stralloc.h>

#include "report/bounce.h"

/*
 * Is the part for programs to be of RFC 6533: an address in it is not ASCII, and whom it
 * goes to reads such?
 */
int status_part_is_global(const struct bounce *b);

/* Append the content of the part for programs, RFC 3464. */
void status_part_put(stralloc *sa, const struct bounce *b);

#endif
