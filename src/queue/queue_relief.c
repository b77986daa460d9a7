#include "queue/queue_relief.h"

#include "queue/queue_scheduler.h"

#define STUCK 5000    /* milliseconds without any movement of the line */
#define SLOW 30000    /* milliseconds that the first in line has been waiting */
#define KEPT_SHARE 16 /* of all active messages as many stay in line */

static struct queue_destination *
longest_line(const struct queue_scheduler *s)
{
	struct queue_destination *longest = NULL;

	for (int k = 0; k < QUEUE_CHANNELS; ++k) {
		struct queue_party *begin =
		    s->destinations.lines[k].ring[QUEUE_BY_DESTINATION];
		struct queue_party *p = begin;

		while (p) {
			struct queue_destination *d = (struct queue_destination *)p;

			if (!longest || d->waiting > longest->waiting)
				longest = d;
			p = p->next == begin ? NULL : p->next;
		}
	}
	return longest;
}

/* One that waits for nothing else, and of which nothing has been delivered yet. */
static int
may_leave(const struct queue_job *job)
{
	return job->message->jobs == 1 && job->message->lines.len == 0 &&
	       !job->message->unsynced;
}

void
queue_relieve(struct queue_scheduler *s)
{
	struct queue_destination *d = longest_line(s);
	struct queue_job *job;
	size_t n, kept = s->active.count / KEPT_SHARE;
	int64_t moved;

	if (!d || d->waiting <= kept ||
	    (s->now_ms - d->moved < STUCK &&
		s->now_ms - d->party.turn->first->since < SLOW))
		return;
	n = d->waiting;
	moved = d->moved;
	for (size_t i = 0; i < n; ++i) {
		int64_t since;

		job = queue_destination_shift(&s->destinations, d);
		since = job->since;
		if (i >= kept && may_leave(job) &&
		    queue_message_park(s, job->message) == 0) {
			queue_job_free(job);
			continue;
		}
		queue_destination_put(&s->destinations, job, since);
	}
	d->moved = moved;
	queue_destination_release(&s->destinations, d, s->now_ms);
}
