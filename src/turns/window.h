#ifndef TURNS_WINDOW_H
#define TURNS_WINDOW_H

/* How many deliveries a destination stands at the same time. */

#include <stddef.h>

/*
 * How many deliveries a destination stands at the same time: learned as TCP learns it of
 * a path (RFC 5681).  A zeroed one to begin with.
 */
struct window {
	size_t size;       /* 0: nothing has been learned */
	size_t threshold;  /* growth is slow from here on; 0: nothing has failed yet */
	size_t credit;     /* successes since the last slow step */
	size_t recovering; /* deliveries under way when the window was halved */
	size_t streak;     /* failures in a row */
	size_t cohort;     /* deliveries under way when the streak began */
};

#define WINDOW_START 2

/* Deliveries at the same time, of most that are allowed. */
size_t window_size(const struct window *w, size_t most);

/*
 * A delivery has succeeded, and others wait: one more at the same time, up to most, or,
 * where there were failures at this height, one more after as many successes as go at a
 * time.  When none wait the window proves nothing, and stays.
 */
void window_succeed(struct window *w, size_t waiting, size_t most);

/*
 * A delivery, one of running, has failed: half as many at the same time, once for all
 * that were under way.  Returns 1 when those all have failed, one after the other.
 */
int window_fail(struct window *w, size_t running);

#endif
