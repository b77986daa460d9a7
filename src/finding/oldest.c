#include <stdlib.h>
#include <string.h>

#include "finding/oldest.h"
#include "lib/heap.h"

void
oldest_begin(struct oldest *o)
{
	o->count = o->taken = 0;
	o->sorted = o->more = 0;
}

/* IDs sort by time. */
static int
compare(const void *a, const void *b)
{
	return strcmp(a, b);
}

static void
sort(struct oldest *o)
{
	qsort(o->ids, o->count, sizeof *o->ids, compare);
	if (o->count > OLDEST_MAX) {
		o->count = OLDEST_MAX;
		o->more = 1;
	}
}

void
oldest_put(struct oldest *o, const char *id)
{
	if (o->count == 2 * OLDEST_MAX)
		sort(o);
	o->ids = heap_grow(o->ids, o->count, sizeof *o->ids);
	memcpy(o->ids[o->count++], id, sizeof *o->ids);
}

const char *
oldest_take(struct oldest *o)
{
	if (!o->sorted && o->count > 0)
		sort(o);
	o->sorted = 1;
	return o->taken < o->count ? o->ids[o->taken++] : NULL;
}

void
oldest_free(struct oldest *o)
{
	free(o->ids);
	o->ids = NULL;
	oldest_begin(o);
}
