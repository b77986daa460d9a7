#include "queue/queue_age.h"

#include <stdlib.h>

#include <errmsg.h>

#include "lib/verdict.h"

#define STEP 10 /* gaps for which memory is got at a time */

static void
put(struct queue_age *a, int64_t from, int64_t to)
{
	if (a->count == QUEUE_AGE_GAPS_MAX) {
		a->forgotten += to - from;
		return;
	}
	if (a->count % STEP == 0) {
		a->gaps = realloc(a->gaps, (a->count + STEP) * sizeof *a->gaps);
		if (!a->gaps)
			die(DEFER, "out of memory");
	}
	a->gaps[a->count++] = (struct queue_gap){from, to};
}

void
queue_age_add(struct queue_age *a, int64_t time)
{
	int64_t gap = a->last ? time - a->last : 0;

	if (gap < 0)
		a->back -= gap;
	else if (gap > QUEUE_AGE_GAP)
		put(a, a->last, time);
	a->last = time;
}

/* Jumps of the clock that were seen do not count anyway. */
static int64_t
excess(const struct queue_clock *c, int64_t from, int64_t to, int64_t now, int64_t most)
{
	int64_t gap = queue_clock_age(c, from, now) - queue_clock_age(c, to, now);

	return gap > most ? gap - most : 0;
}

/* What a clock went back has made the sum of all gaps smaller already. */
int64_t
queue_age_excess(const struct queue_age *a, const struct queue_clock *c, int64_t first,
    int64_t now, int64_t most)
{
	int64_t last = a->last ? a->last : first, sum = a->forgotten - a->back;

	for (size_t i = 0; i < a->count; ++i)
		sum += excess(c, a->gaps[i].from, a->gaps[i].to, now, most);
	if (now < last)
		sum -= last - now;
	else
		sum += excess(c, last, now, now, most);
	return sum > 0 ? sum : 0;
}
