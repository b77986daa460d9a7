#ifndef SCHEDULE_INTAKE_H
#define SCHEDULE_INTAKE_H

/* Where messages come from, and in which order they are taken. */

#include "finding/folder.h"
#include "finding/recall.h"
#include "schedule/lookout.h"

/*
 * Where messages come from: the queue's service hands over what it has accepted, the
 * trigger tells of other new ones, a scan of queue/new finds
 * those of which nobody told, the oldest first, and the due buckets give back the
 * deferred ones.  All of them are read step by step, as there is room for active
 * messages.
 */
struct intake {
	struct lookout lookout;
	struct folder bucket; /* being emptied */
	struct folder paused; /* queue/paused, being looked through */
	struct recall busy;   /* somebody else had locked them */
	int64_t busy_unknown; /* deadline_now() of a scan for more of them, or 0 */
	int64_t began;        /* microseconds since 1970, as message IDs have them */
};

/* Make what is missing, and open all.  Dies with DEFER without queue/new. */
void intake_init(struct intake *in, struct scheduler *s);

/*
 * Start messages while there are any and room for them, a bounded number at a time.
 * Returns 1 when it is worth while to come back at once.
 */
int intake_step(struct intake *in, struct scheduler *s);

/* Is nothing to be begun now? */
int intake_rests(const struct intake *in, const struct scheduler *s);

/* Is the trigger to be polled? */
int intake_listens(const struct intake *in, const struct scheduler *s);

/*
 * When there may be something to do without an event, in the milliseconds of
 * deadline_now; INT64_MAX when we are to stop.
 */
int64_t intake_until(const struct intake *in, const struct scheduler *s);

#endif
