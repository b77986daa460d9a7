#ifndef SCHEDULE_HANDED_H
#define SCHEDULE_HANDED_H

#include "schedule/scheduler.h"

/* What the queue's service says, and hands over. */

/* Connect to it if there is no connection and it is time. */
void handed_connect(struct scheduler *s);

/*
 * Take the next message that it hands over, or other thing that it says.  Returns 1, or 0
 * when there is none now.
 */
int handed_take(struct scheduler *s);

#endif
