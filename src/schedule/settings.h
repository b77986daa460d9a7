#ifndef SCHEDULE_SETTINGS_H
#define SCHEDULE_SETTINGS_H

#include <stddef.h>
#include <stdint.h>

#include <stralloc.h>

#include "queue/paused.h"
#include "schedule/hold.h"
#include "turns/pace.h"

#define SETTINGS_RETRY_MAX 100       /* intervals in control/retry */
#define SETTINGS_CONCURRENCY_MAX 500 /* connections to one socket */

/* What control/ says to the scheduler.  Zeroed to begin with. */
struct settings {
	stralloc double_bounce_to; /* C string */
	unsigned local, remote;    /* deliveries at the same time */
	unsigned destination;      /* of them to one remote destination */
	unsigned group;            /* recipients in a job for one */
	int64_t lifetime;          /* seconds from the first attempt to the bounce */
	int64_t delay_warning; /* seconds from it to the report of a delay; 0: never */
	int64_t retry[SETTINGS_RETRY_MAX];
	struct pace_rates rates;
	size_t retries; /* intervals in retry, at least 1 */
	struct paused paused;
	struct hold hold;
	stralloc sender_routes; /* routes_by_sender */
	stralloc bind;          /* bind_address_find */
};

/* Read all.  Returns 0; -1 after a warning that names the file, and s is as it was. */
int settings_read(struct settings *s);

/* Seconds to wait after the given number of attempts. */
int64_t settings_interval(const struct settings *s, unsigned tries);

/* The longest interval. */
int64_t settings_longest(const struct settings *s);

#endif
