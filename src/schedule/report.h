#ifndef SCHEDULE_REPORT_H
#define SCHEDULE_REPORT_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include <stralloc.h>

#include "lib/queueid.h"
#include "lib/sink_program.h"
#include "schedule/event.h"
#include "schedule/message.h"

#define REPORT_MAX 10 /* bounces being made at the same time */

/* A bounce being made: queue-bounce writes it, a sink queues it. */
struct report {
	struct message *message; /* null: this one is free */
	pid_t maker;             /* queue-bounce, 0 when it has ended */
	struct sink_program sink;
	stralloc envelope;
	char id[QUEUEID_LEN + 1];
	int64_t until; /* deadline_now() */
};

/* Zeroed to begin with. */
struct report_list {
	struct report list[REPORT_MAX];
	size_t count;
	struct ring *waiting;    /* messages whose reports are not begun yet */
	const char *const *sink; /* a program that queues them; null for queue-inject */
};

/* A report on m is to be made; EVENT_REPORTED tells the end. */
void report_want(struct report_list *reports, struct message *m);

/* Begin reports, as many as may be; those of bounces go to double_bounce_to. */
void report_begin(struct report_list *reports, struct event_list *events,
    const char *double_bounce_to, int64_t now_ms);

/* Children may have ended: look, and also end those that took too long. */
void report_reap(struct report_list *reports, struct event_list *events, int64_t now_ms);

#endif
