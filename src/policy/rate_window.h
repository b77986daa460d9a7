#ifndef POLICY_RATE_WINDOW_H
#define POLICY_RATE_WINDOW_H

/* What was counted in the last hour, in bounded memory. */

#include <stdint.h>

#include "lib/rate_limits.h"

/*
 * How much of each there was in this hour of the clock and the one before.  What happened
 * within the last sixty minutes is estimated as this hour's count and the part of the
 * last one's that those sixty minutes still touch.
 */
struct rate_window {
	int64_t hour; /* since 1970 */
	uint32_t now[RATE_MEASURES];
	uint32_t before[RATE_MEASURES];
};

/* Bring the window to the time t, in unix seconds. */
void rate_window_roll(struct rate_window *window, int64_t t);

/* How many there were in the hour up to t, to which the window was brought. */
uint64_t rate_window_sum(
    const struct rate_window *window, enum rate_measure measure, int64_t t);

void rate_window_add(struct rate_window *window, enum rate_measure measure, uint64_t n);

/* When the window says nothing any more. */
int64_t rate_window_end(const struct rate_window *window);

#endif
