#ifndef QUEUE_QUEUE_SETTINGS_H
#define QUEUE_QUEUE_SETTINGS_H

#include <stddef.h>
#include <stdint.h>

#include <stralloc.h>

#include "queue/queue_hold.h"
#include "queue/queue_pace.h"
#include "queue/queue_paused.h"

#define QUEUE_RETRY_MAX 100       /* intervals in control/retry */
#define QUEUE_LIFETIME 604800     /* seconds: control/queuelifetime unless given */
#define QUEUE_CONCURRENCY_MAX 500 /* connections to one socket */

/* What control/ says to the scheduler.  Zeroed to begin with. */
struct queue_settings {
	stralloc double_bounce_to; /* C string */
	unsigned local, remote;    /* deliveries at the same time */
	unsigned destination;      /* of them to one remote destination */
	int64_t lifetime;          /* seconds from the first attempt to the bounce */
	int64_t delay_warning; /* seconds from it to the report of a delay; 0: never */
	int64_t retry[QUEUE_RETRY_MAX];
	struct queue_rates rates;
	size_t retries; /* how many of them, at least 1 */
	struct queue_paused paused;
	struct queue_hold hold;
};

/* Read all.  Returns 0; -1 after a warning that names the file, and s is as it was. */
int queue_settings_read(struct queue_settings *s);

/*
 * Who gets the bounces of bounces: control/doublebounceto, else postmaster at our default
 * domain or, without one, host.  Returns 0; -1 after a warning that names the file.
 */
int queue_settings_double_bounce_to(stralloc *to);

/* Seconds to wait after the given number of attempts. */
int64_t queue_settings_interval(const struct queue_settings *s, unsigned tries);

/* The longest interval. */
int64_t queue_settings_longest(const struct queue_settings *s);

#endif
