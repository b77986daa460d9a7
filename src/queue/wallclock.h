#ifndef QUEUE_WALLCLOCK_H
#define QUEUE_WALLCLOCK_H

#include <stddef.h>
#include <stdint.h>

/*
 * Whether the clock on the wall has been put forward or back while we looked at it: seen
 * by a clock that runs evenly.  Zeroed to begin with.
 */
#define WALLCLOCK_JUMPS 8

struct wallclock {
	int64_t ahead; /* milliseconds of the wall's before the even one, 0: not known */
	struct {
		int64_t at;       /* the last second before it, since 1970 */
		int64_t by;       /* seconds */
	} jumps[WALLCLOCK_JUMPS]; /* forward, and not taken back */
	size_t count;
};

/*
 * Both clocks say this now, in milliseconds.  Returns by how many seconds the one on the
 * wall was put forward, or back (negative); 0: it was not.
 */
int64_t wallclock_look(struct wallclock *c, int64_t wall, int64_t even);

/*
 * How many seconds have gone by from then to now, without those by which the clock was
 * only put forward; negative when then lies in the future.
 */
int64_t wallclock_age(const struct wallclock *c, int64_t then, int64_t now);

#endif
