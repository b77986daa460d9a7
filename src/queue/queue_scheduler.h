#ifndef QUEUE_QUEUE_SCHEDULER_H
#define QUEUE_QUEUE_SCHEDULER_H

#include <stdint.h>

#include "queue/queue_active.h"
#include "queue/queue_backlog.h"
#include "queue/queue_buckets.h"
#include "queue/queue_channel.h"
#include "queue/queue_clock.h"
#include "queue/queue_destination.h"
#include "queue/queue_passed.h"
#include "queue/queue_report.h"
#include "queue/queue_route.h"
#include "queue/queue_settings.h"

/* All that queue-run knows; what it does not know stands in the queue. */
struct queue_scheduler {
	int64_t now;    /* seconds since 1970, of this turn of the loop */
	int64_t now_ms; /* deadline_now() */
	struct queue_clock clock;
	struct queue_settings settings;
	struct queue_route route;
	struct queue_buckets buckets;
	struct queue_destinations destinations;
	struct queue_channel channels[QUEUE_CHANNELS];
	struct queue_active active;
	struct queue_backlog backlog;
	struct queue_reports reports;
	int64_t
	    wake; /* deadline_now() of the first message that waits to be settled, or 0 */
	int stopping;      /* begin nothing */
	unsigned resumes;  /* how often something paused was resumed */
	int paused_wanted; /* queue/paused is to be looked through */
	struct queue_passed passed;
};

/* Take the time; when the clock was put forward or back, what waits does not notice. */
void queue_scheduler_tick(struct queue_scheduler *s);

/* Settle the messages whose time has come. */
void queue_scheduler_wake(struct queue_scheduler *s);

/*
 * Read control/ again, where the settings stay as they are if something is wrong; what is
 * paused now leaves its lines, what is not any more is looked for.
 */
void queue_scheduler_reread(struct queue_scheduler *s);

/* The admin can't wait: everything that waits for its time is due. */
void queue_scheduler_hurry(struct queue_scheduler *s);

/* Seconds for which m has been tried: the sum of the gaps, as far as they count. */
int64_t queue_scheduler_age(
    const struct queue_scheduler *s, const struct queue_message *m);

#endif
