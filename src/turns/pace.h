#ifndef TURNS_PACE_H
#define TURNS_PACE_H

#include <stddef.h>
#include <stdint.h>

#include <stralloc.h>

#include "lib/outcome.h"

/*
 * How fast messages go to a destination: control/rates.  Times are microseconds of the
 * monotonic clock.
 */
struct pace_rate {
	const char *name; /* "": all */
	int is_below, is_mx;
	int64_t interval;
	int64_t next; /* of an MX: nothing goes there before */
};

/* Zeroed to begin with; generation is to grow with each reading. */
struct pace_rates {
	stralloc text;
	struct pace_rate *list;
	size_t count;
	int has_mx;
	unsigned generation;
};

/* Read control/rates.  Returns 0, or -1 with errno, EINVAL for a malformed line. */
int pace_rates_read(struct pace_rates *rates);
void pace_rates_free(struct pace_rates *rates);

/* One destination's.  Zeroed to begin with. */
struct pace {
	unsigned generation;  /* of the rates that the rest is made of */
	int64_t interval;     /* 0: as fast as may be */
	int64_t next;         /* nothing goes there before */
	struct pace_rate *mx; /* of the host that answered last, null when it has none */
	int is_learned;       /* a host has answered, so that mx is right */
};

/*
 * May a message go to the domain, where running ones are under way, now?  When only time
 * is in the way, *until is made that time unless it is earlier already.
 */
int pace_may(struct pace *p, struct pace_rates *rates, const char *domain, size_t running,
    int64_t now, int64_t *until);

/* One goes; or it could not after all. */
void pace_take(struct pace *p, int64_t now);
void pace_return(struct pace *p);

/* A delivery had this outcome, which may name the host. */
void pace_learn(
    struct pace *p, struct pace_rates *rates, const struct outcome *o, int64_t now);

#endif
