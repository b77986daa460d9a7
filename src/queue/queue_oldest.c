#include "queue/queue_oldest.h"

#include <stdlib.h>
#include <string.h>

#include <errmsg.h>

#include "lib/verdict.h"

void
queue_oldest_begin(struct queue_oldest *o)
{
	o->count = o->taken = 0;
	o->sorted = o->more = 0;
}

/* IDs sort by time. */
static int
is_younger(const struct queue_oldest *o, size_t i, size_t k)
{
	return strcmp(o->ids[i], o->ids[k]) > 0;
}

static void
swap(struct queue_oldest *o, size_t i, size_t k)
{
	char id[QUEUEID_LEN + 1];

	memcpy(id, o->ids[i], sizeof id);
	memcpy(o->ids[i], o->ids[k], sizeof id);
	memcpy(o->ids[k], id, sizeof id);
}

/* The IDs are a heap, the youngest on top: the first to go when there is no room. */
static void
rise(struct queue_oldest *o, size_t i)
{
	for (; i > 0 && is_younger(o, i, (i - 1) / 2); i = (i - 1) / 2)
		swap(o, i, (i - 1) / 2);
}

static void
sink(struct queue_oldest *o, size_t i, size_t count)
{
	size_t child;

	while ((child = 2 * i + 1) < count) {
		if (child + 1 < count && is_younger(o, child + 1, child))
			++child;
		if (!is_younger(o, child, i))
			return;
		swap(o, i, child);
		i = child;
	}
}

void
queue_oldest_put(struct queue_oldest *o, const char *id)
{
	if (!o->ids)
		o->ids = malloc(QUEUE_OLDEST_MAX * sizeof *o->ids);
	if (!o->ids)
		die(DEFER, "out of memory");
	if (o->count < QUEUE_OLDEST_MAX) {
		memcpy(o->ids[o->count], id, sizeof *o->ids);
		rise(o, o->count++);
		return;
	}
	o->more = 1;
	if (strcmp(id, o->ids[0]) >= 0)
		return;
	memcpy(o->ids[0], id, sizeof *o->ids);
	sink(o, 0, o->count);
}

static void
sort(struct queue_oldest *o)
{
	for (size_t left = o->count; left > 1; --left) {
		swap(o, 0, left - 1);
		sink(o, 0, left - 1);
	}
	o->sorted = 1;
}

const char *
queue_oldest_take(struct queue_oldest *o)
{
	if (!o->sorted)
		sort(o);
	return o->taken < o->count ? o->ids[o->taken++] : NULL;
}

void
queue_oldest_free(struct queue_oldest *o)
{
	free(o->ids);
	o->ids = NULL;
	queue_oldest_begin(o);
}
