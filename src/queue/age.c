
#include "queue/age.h"
#include "lib/heap.h"

static void
put(struct age *a, int64_t from, int64_t to)
{
	if (a->count == AGE_GAPS_MAX) {
		a->forgotten += to - from;
		return;
	}
	a->gaps = heap_grow(a->gaps, a->count, sizeof *a->gaps);
	a->gaps[a->count++] = (struct age_gap){from, to};
}

void
age_add(struct age *a, int64_t time)
{
	int64_t gap = a->last ? time - a->last : 0;

	if (gap < 0)
		a->back -= gap;
	else if (gap > AGE_GAP)
		put(a, a->last, time);
	a->last = time;
}

/* Jumps of the clock that were seen do not count anyway. */
static int64_t
excess(const struct wallclock *c, int64_t from, int64_t to, int64_t now, int64_t most)
{
	int64_t gap = wallclock_age(c, from, now) - wallclock_age(c, to, now);

	return gap > most ? gap - most : 0;
}

/* What a clock went back has made the sum of all gaps smaller already. */
int64_t
age_excess(const struct age *a, const struct wallclock *c, int64_t first, int64_t now,
    int64_t most)
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
