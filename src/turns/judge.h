#ifndef TURNS_JUDGE_H
#define TURNS_JUDGE_H

#include "lib/outcome.h"
#include "turns/destination.h"

/* What the answers to a job say of its destination: only remote ones are judged. */

/*
 * An answer for a recipient of job.  The recipient's message waits interval seconds for
 * its next attempt: the destination is not down for longer.
 */
void judge_answer(struct task *job, int64_t interval, const struct outcome *o);

/*
 * All answers to job are there, it still counts as running: what they say of its
 * destination, of which there may be most jobs at the same time, is taken in.
 */
void judge_conclude(const struct task *job, int64_t now_ms, size_t most);

#endif
