#ifndef SCHEDULE_SCHEDULER_H
#define SCHEDULE_SCHEDULER_H

#include <stdint.h>

#include "finding/recall.h"
#include "finding/removed.h"
#include "finding/supply.h"
#include "queue/buckets.h"
#include "queue/route.h"
#include "queue/wallclock.h"
#include "schedule/active.h"
#include "schedule/channel.h"
#include "schedule/event.h"
#include "schedule/report.h"
#include "schedule/settings.h"
#include "schedule/spill.h"
#include "turns/backlog.h"
#include "turns/destination.h"

/* All that queue-run knows; what it does not know stands in the queue. */
struct scheduler {
	int64_t now;    /* seconds since 1970, of this turn of the loop */
	int64_t now_ms; /* deadline_now() */
	struct wallclock clock;
	struct settings settings;
	struct route route;
	struct buckets buckets;
	struct destination_table destinations;
	struct channel channels[ROUTE_CHANNELS];
	struct active active;
	struct backlog backlog;
	struct supply supply;
	struct removed removed;
	struct spill spill;
	struct report_list reports;
	struct event_list events; /* of active messages, for life.h */
	int64_t wake;             /* deadline_now() of the first message's, or 0 */
	int stopping;             /* begin nothing */
	unsigned resumes;         /* how often something paused was resumed */
	int paused_wanted;        /* queue/paused is to be looked through */
	stralloc way;             /* scheduler_way */
	struct recall passed;     /* deferred, with recipients passed over for a pause */
};

/* Take the time; when the clock was put forward or back, what waits does not notice. */
void scheduler_tick(struct scheduler *s);

/* m, active, is to be woken after a pause, in milliseconds: life_wake. */
void scheduler_wake(struct scheduler *s, struct message *m, int64_t pause);

/*
 * What the sender of m has for himself by control/senderroutes and control/bindaddresses,
 * if it goes by that channel; "" without; valid until the next call.  What is down for
 * him is not for others.
 */
const char *scheduler_way(
    struct scheduler *s, const struct message *m, enum route_channel channel);

/* Seconds for which m has been tried: the sum of the gaps, as far as they count. */
int64_t scheduler_age(const struct scheduler *s, const struct message *m);

#endif
