#ifndef QUEUE_QUEUE_REPORT_H
#define QUEUE_QUEUE_REPORT_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include <stralloc.h>

#include "lib/queueid.h"
#include "lib/sink.h"

#define QUEUE_REPORTS_MAX 10 /* bounces being made at the same time */

struct queue_message;
struct queue_scheduler;

/* A bounce being made: queue-bounce writes it, queue-inject queues it. */
struct queue_report {
	struct queue_message *message; /* null: this one is free */
	pid_t maker;                   /* queue-bounce, 0 when it has ended */
	struct sink sink;
	stralloc envelope;
	char id[QUEUEID_LEN + 1];
	int64_t until; /* deadline_now() */
};

struct queue_reports {
	struct queue_report list[QUEUE_REPORTS_MAX];
	size_t count;
	struct queue_message *first, *last; /* those that wait for their turn */
};

/*
 * Begin the report of m's failed recipients, or let it wait until fewer are being made;
 * queue_message_reported tells the end.  Returns 0; -1 after a warning.
 */
int queue_report_begin(struct queue_scheduler *s, struct queue_message *m);

/* Children may have ended: look, and also end those that took too long. */
void queue_reports_reap(struct queue_scheduler *s);

#endif
