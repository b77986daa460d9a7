#include "turns/judge.h"
#include "lib/text.h"

#define TROUBLES_MAX 3 /* in a row before a destination is down */

void
judge_answer(struct task *job, int64_t interval, const struct outcome *o)
{
	static const enum task_judgement judgements[] = {
	    [OUTCOME_JUDGED] = TASK_REACHED,
	    [OUTCOME_OURS] = TASK_REACHED,
	    [OUTCOME_UNREACHABLE] = TASK_UNREACHABLE,
	    [OUTCOME_TROUBLED] = TASK_TROUBLED,
	    [OUTCOME_ANOTHERS] = TASK_UNJUDGED,
	};
	struct destination *d = job->destination;
	enum task_judgement judgement = judgements[outcome_whose(o)];

	if (d->channel == ROUTE_LOCAL || job->judgement == TASK_REACHED ||
	    judgement == TASK_UNJUDGED)
		return;
	/* a recipient at whom a session ended before tells nothing of its server */
	if (job->is_apart && judgement == TASK_TROUBLED)
		return;
	job->judgement = judgement;
	if (judgement == TASK_REACHED)
		return;
	job->rest = interval;
	text_set(&d->reason, o->text.s);
}

/*
 * One failure among many successes is a limit that we met, and tells to ask for less; all
 * of a cohort are a server that is not there.  Of trouble, one or two may be the
 * message's fault.
 */
void
judge_conclude(const struct task *job, int64_t now_ms, size_t most)
{
	struct destination *d = job->destination;

	if (job->judgement == TASK_UNJUDGED)
		return;
	if (job->judgement == TASK_REACHED) {
		window_succeed(&d->window, d->party.count, most);
		destination_reached(d);
		return;
	}
	if (job->judgement == TASK_TROUBLED)
		++d->troubles;
	if (window_fail(&d->window, d->running) &&
	    (job->judgement == TASK_UNREACHABLE || d->troubles >= TROUBLES_MAX))
		destination_failed(d, now_ms, job->rest);
}
