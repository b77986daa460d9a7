#ifndef SCHEDULE_SHEDDING_H
#define SCHEDULE_SHEDDING_H

/* Active messages given back to the backlog, so that others get their turn. */

struct scheduler;

/*
 * Others wait: who has by far more places among the active messages than admission.h
 * would give him now gives some back.  What is not begun yet goes back to the backlog.
 */
void shedding_begin(struct scheduler *s);

#endif
