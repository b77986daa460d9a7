#ifndef QUEUE_QUEUE_AGE_H
#define QUEUE_QUEUE_AGE_H

#include <stddef.h>
#include <stdint.h>

#include "queue/queue_clock.h"

#define QUEUE_AGE_GAP 86400        /* seconds; what is longer is looked at */
#define QUEUE_AGE_GAPS_MAX 1000    /* that are remembered */
#define QUEUE_TIME_MAX (1LL << 40) /* seconds since 1970: no clock says more */

/*
 * The times of a message's attempts, as far as something may be wrong with them: the
 * machine was off in between, or its clock was wrong.  Begin with a zeroed one.
 */
struct queue_age {
	int64_t last; /* 0: none */
	struct queue_gap {
		int64_t from, to;
	} * gaps; /* count of them, longer than QUEUE_AGE_GAP */
	size_t count;
	int64_t forgotten; /* seconds in further such gaps */
	int64_t back;      /* seconds by which times lie before those before them */
};

/* The next attempt was made then.  Dies with DEFER when memory is short. */
void queue_age_add(struct queue_age *a, int64_t time);

/*
 * How many of the seconds between first, the time of the first attempt, and now do not
 * count, when each gap between two attempts counts most seconds at most.
 */
int64_t queue_age_excess(const struct queue_age *a, const struct queue_clock *c,
    int64_t first, int64_t now, int64_t most);

#endif
