#ifndef SCHEDULE_EVENT_H
#define SCHEDULE_EVENT_H

#include <stddef.h>

#include "lib/queueid.h"

struct message;
struct task;

/*
 * What happens to active messages.  Whoever notices it puts it down here, and life.h
 * works it off: nobody below calls up.
 */
enum event_kind {
	EVENT_JOB_ENDED, /* task has its answers, or is not to be done; it is given up
			    here */
	EVENT_REPORTED,  /* the report under id is in the queue (ok), or is not */
	EVENT_WRITTEN,   /* it stands in queue/journal as a file (ok), or does not */
	EVENT_FILED,     /* and has been settled by the queue's service */
	EVENT_WOKEN /* the time has come to try again what failed, or to make a file */
};

struct event {
	enum event_kind kind;
	struct message *message;
	struct task *task;
	int ok;
	char id[QUEUEID_LEN + 1];
};

/* In their order.  Zeroed to begin with. */
struct event_list {
	struct event *list;
	size_t count, taken;
};

/* Put an event at the end.  They die for lack of memory. */
void event_put(struct event_list *events, const struct event *event);
void event_job_ended(struct event_list *events, struct task *task);

/* Take the first one.  Returns 1, or 0 when there is none. */
int event_take(struct event_list *events, struct event *event);

#endif
