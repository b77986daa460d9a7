#ifndef QUEUE_BOUNCE_HUMAN_H
#define QUEUE_BOUNCE_HUMAN_H

#include <stralloc.h>

#include "queue/bounce.h"
#include "queue/bounce_tries.h"

/* The Subject that says best what the report is about. */
const char *bounce_subject(const struct bounce *b);

/*
 * Append the part for people, UTF-8: what happened, to whom, what was said, what to do.
 * Failures stand in it in the form that many programs look for, qmail's QSBMF; nothing
 * else looks like one.
 */
void bounce_put_human(
    stralloc *sa, const struct bounce *b, struct bounce_tries *const *tries);

#endif
