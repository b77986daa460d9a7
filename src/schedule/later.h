#ifndef SCHEDULE_LATER_H
#define SCHEDULE_LATER_H

#include "schedule/scheduler.h"

/* When a message is tried again. */

/* Seconds until the next attempt, or until a delay is to be reported. */
int64_t later_wait(const struct scheduler *s, const struct message *m);

/* Move m to the bucket of its next attempt.  Returns 0; -1 after a warning. */
int later_put(struct scheduler *s, struct message *m);

#endif
