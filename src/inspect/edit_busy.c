#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <errmsg.h>

#include "inspect/edit_busy.h"
#include "lib/deadline.h"
#include "lib/verdict.h"

#define PAUSE 50 /* milliseconds between two looks */

/* One look at each: busy gets a new list of those that are still busy. */
static int
look(struct edit_ids *busy, int by_name, walk_visit *visit)
{
	struct edit_ids old = *busy;
	int verdict = ACCEPT;

	memset(busy, 0, sizeof *busy);
	for (size_t i = 0; i < old.count; ++i) {
		int r = walk_to(old.ids[i], visit, NULL);

		if (r == 0) {
			carp(old.ids[i], ": has left the queue meanwhile");
			verdict = by_name && verdict == ACCEPT ? REJECT : verdict;
		} else if (r == -1)
			verdict = DEFER;
	}
	free(old.ids);
	return verdict;
}

int
edit_busy_wait(struct edit_ids *busy, unsigned seconds, int by_name, walk_visit *visit)
{
	int64_t until = deadline_now() + (int64_t)seconds * 1000;
	int verdict = ACCEPT, r;

	while (busy->count > 0 && deadline_now() < until) {
		nanosleep(&(struct timespec){0, PAUSE * 1000000L}, NULL);
		r = look(busy, by_name, visit);
		if (r > verdict)
			verdict = r;
	}
	for (size_t i = 0; i < busy->count; ++i) {
		carp(busy->ids[i], ": being delivered now");
		verdict = DEFER;
	}
	return verdict;
}
