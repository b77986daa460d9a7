#ifndef QUEUE_QUEUE_PACE_H
#define QUEUE_QUEUE_PACE_H

#include <stddef.h>
#include <stdint.h>

#include <stralloc.h>

/*
 * How fast messages go to a destination: control/rates.  Times are microseconds of the
 * monotonic clock.
 */
struct queue_rate {
	const char *name; /* "": all */
	int is_below, is_mx;
	int64_t interval;
	int64_t next; /* of an MX: nothing goes there before */
};

/* Zeroed to begin with; generation is to grow with each reading. */
struct queue_rates {
	stralloc text;
	struct queue_rate *list;
	size_t count;
	int has_mx;
	unsigned generation;
};

/* Read control/rates.  Returns 0, or -1 with errno, EINVAL for a malformed line. */
int queue_rates_read(struct queue_rates *rates);
void queue_rates_free(struct queue_rates *rates);

/* One destination's.  Zeroed to begin with. */
struct queue_pace {
	unsigned generation;   /* of the rates that the rest is made of */
	int64_t interval;      /* 0: as fast as may be */
	int64_t next;          /* nothing goes there before */
	struct queue_rate *mx; /* of the host that answered last, null when it has none */
	int is_learned;        /* a host has answered, so that mx is right */
};

/*
 * May a message go to the domain, where running ones are under way, now?  When only time
 * is in the way, *until is made that time unless it is earlier already.
 */
int queue_pace_may(struct queue_pace *p, struct queue_rates *rates, const char *domain,
    size_t running, int64_t now, int64_t *until);

/* One goes; or it could not after all. */
void queue_pace_take(struct queue_pace *p, int64_t now);
void queue_pace_return(struct queue_pace *p);

/* A delivery was answered with this text, which may name the host: job(5). */
void queue_pace_learn(
    struct queue_pace *p, struct queue_rates *rates, const char *text, int64_t now);

#endif
