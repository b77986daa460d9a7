#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <errmsg.h>

#include "inspect/edit_busy.h"
#include "lib/deadline.h"
#include "lib/heap.h"
#include "lib/queueid.h"
#include "lib/verdict.h"

#define PAUSE 50 /* milliseconds between two looks */

void
edit_busy_put(struct edit_busy *b, const char *id)
{
	b->ids = heap_grow(b->ids, b->count, sizeof *b->ids);
	memcpy(b->ids[b->count++], id, QUEUEID_LEN + 1);
}

/* One look at each: b gets a new list of those that are still busy. */
static int
look(struct edit_busy *b, int by_name, walk_visit *visit)
{
	struct edit_busy old = *b;
	int verdict = ACCEPT;

	memset(b, 0, sizeof *b);
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
edit_busy_wait(struct edit_busy *b, unsigned seconds, int by_name, walk_visit *visit)
{
	int64_t until = deadline_now() + (int64_t)seconds * 1000;
	int verdict = ACCEPT, r;

	while (b->count > 0 && deadline_now() < until) {
		nanosleep(&(struct timespec){0, PAUSE * 1000000L}, NULL);
		r = look(b, by_name, visit);
		if (r > verdict)
			verdict = r;
	}
	for (size_t i = 0; i < b->count; ++i) {
		carp(b->ids[i], ": being delivered now");
		verdict = DEFER;
	}
	return verdict;
}
