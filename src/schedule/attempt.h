#ifndef SCHEDULE_ATTEMPT_H
#define SCHEDULE_ATTEMPT_H

#include "lib/outcome.h"
#include "schedule/scheduler.h"

/* One attempt to deliver a message: its recipients in line, and what comes of them. */

/*
 * Put the recipients that are open into lines, as jobs, of which m->jobs are there then:
 * none when all are passed over, or have their outcomes already.
 */
void attempt_begin(struct scheduler *s, struct message *m);

/*
 * The outcome for a recipient: logged, and remembered for the journal.  via names the
 * channel in the log.
 */
void attempt_answer(struct scheduler *s, struct message *m, size_t recipient,
    const char *via, const struct outcome *o);

/*
 * Not now, for all recipients of job from job->which[from] on.  ours: nobody was asked,
 * or the answer was lost.
 */
void attempt_defer(struct scheduler *s, struct task *job, size_t from, const char *status,
    const char *text, int ours);

/* Not now, for no other reason than that its destination is down. */
void attempt_defer_down(struct scheduler *s, struct task *job, const char *text);

#endif
