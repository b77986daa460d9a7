#ifndef REPORT_HUMAN_H
#define REPORT_HUMAN_H

/* The part of a report for people, and its Subject. */

#include <stralloc.h>

#include "report/bounce.h"
#include "report/tries.h"

/* The Subject that says best what the report is about. */
const char *human_subject(const struct bounce *b);

/*
 * Append the part for people, UTF-8: what happened, to whom, what was said, what to do.
 * Failures stand in it in the form that many programs look for, qmail's QSBMF; nothing
 * else looks like one.
 */
void human_put(stralloc *sa, const struct bounce *b, struct tries *const *tries);

#endif
