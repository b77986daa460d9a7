#include <stdlib.h>
#include <string.h>

#include "lib/heap.h"
#include "turns/backlog.h"

static struct flow_party *
bin(const struct backlog *b, const uint64_t key[], enum flow_side side)
{
	return (struct flow_party *)&b->bins[side][key[side] % BACKLOG_BINS];
}

struct backlog_waiter *
backlog_find(const struct backlog *b, const char *id)
{
	struct table_entry *e = table_find(&b->ids, queueid_hash(id, 0));

	while (e != NULL && strcmp(((struct backlog_waiter *)e)->id, id) != 0)
		e = table_find_next(e);
	return (struct backlog_waiter *)e;
}

int
backlog_is_behind(const struct backlog *b, const uint64_t key[])
{
	return bin(b, key, FLOW_BY_DESTINATION)->count > 0 &&
	       bin(b, key, FLOW_BY_USER)->count > 0;
}

int
backlog_takes_due(const struct backlog *b)
{
	return b->ids.count < BACKLOG_MAX / 2;
}

/* The fullest bin, with one message more where keys would have it; and its side. */
static struct flow_party *
fullest(struct backlog *b, const uint64_t key[], enum flow_side *of)
{
	struct flow_party *most = bin(b, key, FLOW_BY_DESTINATION);

	for (int side = 0; side < FLOW_SIDES; ++side) {
		if (bin(b, key, side)->count > most->count)
			most = bin(b, key, side);
		for (size_t n = 0; n < BACKLOG_BINS; ++n)
			if (b->bins[side][n].count > most->count + 1) {
				most = &b->bins[side][n];
				*of = side;
			}
	}
	return most;
}

/* Returns 0 when there is no room for one with these keys. */
static int
make_room(struct backlog *b, const uint64_t key[])
{
	enum flow_side side = FLOW_BY_DESTINATION;
	struct flow_party *most;
	struct backlog_waiter *last;

	if (b->ids.count < BACKLOG_MAX)
		return 1;
	b->lost = 1;
	most = fullest(b, key, &side);
	if (most == bin(b, key, FLOW_BY_DESTINATION) || most == bin(b, key, FLOW_BY_USER))
		return 0;
	last = RING_OF(flow_cut(&b->flows, flow_line(most->turn->prev, side)),
	    struct backlog_waiter, ring);
	table_remove(&b->ids, &last->entry);
	free(last);
	return 1;
}

void
backlog_put(struct backlog *b, const struct backlog_waiter *w, int at_front)
{
	struct backlog_waiter *new;

	if (backlog_find(b, w->id) != NULL || !make_room(b, w->key))
		return;
	new = heap_make(1, sizeof *new);
	*new = *w;
	table_put(&b->ids, &new->entry, queueid_hash(new->id, 0));
	(at_front ? flow_return : flow_put)(&b->flows,
	    bin(b, w->key, FLOW_BY_DESTINATION), bin(b, w->key, FLOW_BY_USER),
	    &new->ring);
}

struct room {
	backlog_may *may;
	void *context;
};

static int
may_go(void *context, const struct flow *line)
{
	const struct room *room = context;

	return room->may(
	    room->context, RING_OF(line->first, struct backlog_waiter, ring));
}

int
backlog_take(struct backlog *b, backlog_may *may, void *context, struct backlog_waiter *w)
{
	struct room room = {may, context};
	struct ring *next = flow_next(&b->flows, 1, may_go, &room);
	struct backlog_waiter *found;

	if (next == NULL)
		return 0;
	found = RING_OF(next, struct backlog_waiter, ring);
	*w = *found;
	table_remove(&b->ids, &found->entry);
	free(found);
	return 1;
}
