#ifndef QUEUE_AGE_H
#define QUEUE_AGE_H

/* How long a message has really been tried, be the clock or the machine off meanwhile. */

#include <stddef.h>
#include <stdint.h>

#include "queue/wallclock.h"

#define AGE_LIFETIME 604800      /* seconds: control/queuelifetime unless given */
#define AGE_GAP 86400            /* seconds; what is longer is looked at */
#define AGE_GAPS_MAX 1000        /* that are remembered */
#define AGE_TIME_MAX (1LL << 40) /* seconds since 1970: no clock says more */

/*
 * The times of a message's attempts, as far as something may be wrong with them: the
 * machine was off in between, or its clock was wrong.  Begin with a zeroed one.
 */
struct age {
	int64_t last; /* 0: none */
	struct age_gap {
		int64_t from, to;
	} * gaps; /* count of them, longer than AGE_GAP */
	size_t count;
	int64_t forgotten; /* seconds in further such gaps */
	int64_t back;      /* seconds by which times lie before those before them */
};

/* The next attempt was made then.  Dies with DEFER when memory is short. */
void age_add(struct age *a, int64_t time);

/*
 * How many of the seconds between first, the time of the first attempt, and now do not
 * count, when each gap between two attempts counts most seconds at most.
 */
int64_t age_excess(const struct age *a, const struct wallclock *c, int64_t first,
    int64_t now, int64_t most);

#endif
