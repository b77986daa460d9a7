#include <string.h>

#include "queue/wallclock.h"

#define JUMP 10000 /* milliseconds: less is what an adjustment may bring about */

static void
remember(struct wallclock *c, int64_t at, int64_t by)
{
	if (c->count == WALLCLOCK_JUMPS) {
		memmove(c->jumps, c->jumps + 1, sizeof c->jumps - sizeof *c->jumps);
		--c->count;
	}
	c->jumps[c->count].at = at;
	c->jumps[c->count++].by = by;
}

/* A clock that was wrong for a while is right again. */
static void
take_back(struct wallclock *c, int64_t by)
{
	while (c->count > 0 && by > 0) {
		int64_t *last = &c->jumps[c->count - 1].by;
		int64_t part = *last < by ? *last : by;

		*last -= part;
		by -= part;
		c->count -= *last == 0;
	}
}

int64_t
wallclock_look(struct wallclock *c, int64_t wall, int64_t even)
{
	int64_t ahead = wall - even, change = ahead - c->ahead, by = change / 1000;
	int is_first = c->ahead == 0;

	c->ahead = ahead;
	if (is_first || (change > -JUMP && change < JUMP))
		return 0;
	if (by > 0)
		remember(c, wall / 1000 - by, by);
	else
		take_back(c, -by);
	return by;
}

int64_t
wallclock_age(const struct wallclock *c, int64_t then, int64_t now)
{
	int64_t age = now - then;

	for (size_t i = 0; i < c->count; ++i)
		if (then <= c->jumps[i].at)
			age -= c->jumps[i].by;
	return age;
}
