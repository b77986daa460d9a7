#include <stdlib.h>

#include "lib/heap.h"
#include "turns/table.h"

#define ROOM_FIRST 64

static struct table_entry **
slot(const struct table *t, uint64_t key)
{
	return &t->slots[key & (t->room - 1)];
}

static struct table_entry *
find(struct table_entry *e, uint64_t key)
{
	while (e != NULL && e->key != key)
		e = e->chain;
	return e;
}

struct table_entry *
table_find(const struct table *t, uint64_t key)
{
	return t->count > 0 ? find(*slot(t, key), key) : NULL;
}

struct table_entry *
table_find_next(const struct table_entry *e)
{
	return find(e->chain, e->key);
}

static void
chain(struct table *t, struct table_entry *e)
{
	struct table_entry **p = slot(t, e->key);

	e->chain = *p;
	*p = e;
}

static void
grow(struct table *t)
{
	struct table old = *t;
	struct table_entry *e, *next;

	t->room = old.room > 0 ? 2 * old.room : ROOM_FIRST;
	t->slots = heap_make(t->room, sizeof(struct table_entry *));
	for (size_t i = 0; i < old.room; ++i)
		for (e = old.slots[i]; e != NULL; e = next) {
			next = e->chain;
			chain(t, e);
		}
	free(old.slots);
}

void
table_put(struct table *t, struct table_entry *e, uint64_t key)
{
	if (t->count == t->room)
		grow(t);
	e->key = key;
	chain(t, e);
	++t->count;
}

void
table_remove(struct table *t, struct table_entry *e)
{
	struct table_entry **p = slot(t, e->key);

	while (*p != e)
		p = &(*p)->chain;
	*p = e->chain;
	--t->count;
}

struct table_entry *
table_next(const struct table *t, const struct table_entry *e)
{
	size_t i = 0;

	if (e != NULL) {
		if (e->chain != NULL)
			return e->chain;
		i = (e->key & (t->room - 1)) + 1;
	}
	while (i < t->room && t->slots[i] == NULL)
		++i;
	return i < t->room ? t->slots[i] : NULL;
}
