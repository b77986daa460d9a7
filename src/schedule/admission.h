#ifndef SCHEDULE_ADMISSION_H
#define SCHEDULE_ADMISSION_H

#include "turns/backlog.h"

struct message;
struct scheduler;
struct task;

/*
 * Who may become active.  A line gets at most as many places as are free, a destination
 * or a user at most so many times as many (dynamic thresholds, Choudhury and Hahne 1998):
 * as places become rare, those who have many get no more, and there is always one for who
 * has none.
 */
#define ADMISSION_SHARE 4

/* Places that are free, fewer when envelopes have filled our memory. */
size_t admission_free(const struct scheduler *s);

/*
 * Is there room for m, which has been read?  It has its turn after those that wait in the
 * backlog.  Returns 1; or 0 and fills in w, with which it is to wait there.
 */
int admission_for(struct scheduler *s, struct message *m, struct backlog_waiter *w);

/* Is there room for w?  To be called by backlog_take with a scheduler. */
int admission_may(void *scheduler, const struct backlog_waiter *w);

/* Take m, whose only job has been cut off from its line, back to the backlog. */
void admission_leave(struct scheduler *s, struct message *m, const struct task *job);

#endif
