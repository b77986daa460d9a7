#include <stdlib.h>
#include <string.h>

#include "inspect/list_order.h"
#include "lib/heap.h"

enum list_order_key
list_order_key_named(const char *name)
{
	static const struct {
		const char *name;
		enum list_order_key key;
	} keys[] = {{"age", LIST_BY_AGE}, {"size", LIST_BY_SIZE},
	    {"tries", LIST_BY_TRIES}, {"sender", LIST_BY_SENDER}, {"next", LIST_BY_NEXT}};

	for (size_t i = 0; i < sizeof keys / sizeof *keys; ++i)
		if (strcmp(name, keys[i].name) == 0)
			return keys[i].key;
	return LIST_UNSORTED;
}

/* What is shown first has the least; IDs, which decide between equals, sort by time. */
static uint64_t
rank(enum list_order_key key, const struct list_entry *e)
{
	switch (key) {
	case LIST_BY_SIZE:
		return UINT64_MAX - e->file->header.message;
	case LIST_BY_TRIES:
		return UINT64_MAX - e->file->tries;
	case LIST_BY_SENDER:
		return queueid_hash(e->file->envelope.sender, 0);
	case LIST_BY_NEXT:
		return e->next ? (uint64_t)e->next : UINT64_MAX;
	default:
		return 0;
	}
}

void
list_order_add(struct list_order *o, const struct list_entry *e, int64_t place)
{
	struct list_item *item;

	o->items = heap_grow(o->items, o->count, sizeof *o->items);
	item = &o->items[o->count++];
	item->rank = rank(o->key, e);
	item->place = place;
	memcpy(item->id, e->id, sizeof item->id);
}

static int
compare(const void *a, const void *b)
{
	const struct list_item *x = a, *y = b;

	if (x->rank != y->rank)
		return x->rank < y->rank ? -1 : 1;
	return strcmp(x->id, y->id);
}

void
list_order_sort(struct list_order *o)
{
	if (o->count > 0)
		qsort(o->items, o->count, sizeof *o->items, compare);
	o->is_sorted = 1;
}
