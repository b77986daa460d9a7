#ifndef ONWARD_ANSWER_H
#define ONWARD_ANSWER_H

/* Outcomes that are trouble of our own. */

#include "lib/outcome.h"

/*
 * A temporary failure of ours, "unable to VERB OBJECT: reason" with errno for the reason,
 * which also chooses the status.  Dies with DEFER when memory is short.
 */
void answer_trouble(struct outcome *answer, const char *verb_object);

#endif
