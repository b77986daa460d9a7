#include <stdint.h>
#include <stdlib.h>

#include "lib/heap.h"
#include "turns/flow.h"

#define GOLDEN 0x9e3779b97f4a7c15 /* 2^64 / 1.618: spreads what differs in a few bits */

static uint64_t
key_of(const struct flow_party *destination, const struct flow_party *user)
{
	uint64_t n = ((uintptr_t)destination * 31 + (uintptr_t)user) * GOLDEN;

	return n ^ n >> 32;
}

struct flow *
flow_line(const struct ring *node, enum flow_side side)
{
	return RING_OF(node - side, struct flow, ring);
}

struct flow *
flow_find(const struct flow_room *l, const struct flow_party *destination,
    const struct flow_party *user)
{
	struct table_entry *e = table_find(&l->lines, key_of(destination, user));

	for (; e != NULL; e = table_find_next(e)) {
		struct flow *line = (struct flow *)e;

		if (line->party[FLOW_BY_DESTINATION] == destination &&
		    line->party[FLOW_BY_USER] == user)
			return line;
	}
	return NULL;
}

/* The line that both have from now on. */
static struct flow *
make(struct flow_room *l, struct flow_party *destination, struct flow_party *user)
{
	struct flow *line = heap_make(1, sizeof *line);

	line->party[FLOW_BY_DESTINATION] = destination;
	line->party[FLOW_BY_USER] = user;
	table_put(&l->lines, &line->entry, key_of(destination, user));
	for (int side = 0; side < FLOW_SIDES; ++side) {
		struct flow_party *p = line->party[side];

		if (p->turn == NULL)
			ring_put(&l->turn[side], &p->ring);
		ring_put(&p->turn, &line->ring[side]);
	}
	return line;
}

static void
discard(struct flow_room *l, struct flow *line)
{
	table_remove(&l->lines, &line->entry);
	for (int side = 0; side < FLOW_SIDES; ++side) {
		struct flow_party *p = line->party[side];

		ring_remove(&p->turn, &line->ring[side]);
		if (p->turn == NULL)
			ring_remove(&l->turn[side], &p->ring);
	}
	free(line);
}

static void
put(struct flow_room *l, struct flow_party *destination, struct flow_party *user,
    struct ring *node, void (*into)(struct ring **, struct ring *))
{
	struct flow *line = flow_find(l, destination, user);

	if (line == NULL)
		line = make(l, destination, user);
	into(&line->first, node);
	++line->count;
	++destination->count;
	++user->count;
}

void
flow_put(struct flow_room *l, struct flow_party *destination, struct flow_party *user,
    struct ring *node)
{
	put(l, destination, user, node, ring_put);
}

void
flow_return(struct flow_room *l, struct flow_party *destination, struct flow_party *user,
    struct ring *node)
{
	put(l, destination, user, node, ring_put_first);
}

void
flow_remove(struct flow_room *l, struct flow *line, struct ring *node)
{
	ring_remove(&line->first, node);
	--line->party[FLOW_BY_DESTINATION]->count;
	--line->party[FLOW_BY_USER]->count;
	if (--line->count == 0)
		discard(l, line);
}

struct ring *
flow_shift(struct flow_room *l, struct flow *line)
{
	struct ring *node = line->first;

	flow_remove(l, line, node);
	return node;
}

struct ring *
flow_cut(struct flow_room *l, struct flow *line)
{
	struct ring *node = line->first->prev;

	flow_remove(l, line, node);
	return node;
}

/* The line whose turn it is of those that may go; of each party only one, or all. */
static struct flow *
find_ready(
    const struct flow_room *l, enum flow_side side, int all, flow_may *may, void *context)
{
	struct ring *p = l->turn[side];

	if (p == NULL)
		return NULL;
	do {
		struct ring *turn = RING_OF(p, struct flow_party, ring)->turn, *r = turn;

		do {
			if (may(context, flow_line(r, side)))
				return flow_line(r, side);
			r = r->next;
		} while (all && r != turn);
		p = p->next;
	} while (p != l->turn[side]);
	return NULL;
}

/*
 * Who has just been served has to wait, on whichever side he is asked for next; and where
 * this one was found the next search begins.
 */
static void
pass_turn(struct flow_room *l, const struct flow *line, enum flow_side found)
{
	for (int side = 0; side < FLOW_SIDES; ++side) {
		const struct ring *own = &line->ring[side];
		struct flow_party *p = line->party[side];

		if (side == (int)found || p->turn == own)
			p->turn = own->next;
		if (side == (int)found || l->turn[side] == &p->ring)
			l->turn[side] = p->ring.next;
	}
}

struct ring *
flow_next(struct flow_room *l, int asks_user, flow_may *may, void *context)
{
	enum flow_side side = FLOW_BY_DESTINATION;
	struct flow *line, *other;

	/* there are fewer destinations than lines: when none may go that is seen soon */
	line = find_ready(l, side, 0, may, context);
	if (line == NULL && !asks_user)
		return NULL;
	if (line == NULL || l->side == FLOW_BY_DESTINATION) {
		other = find_ready(l, FLOW_BY_USER, !asks_user, may, context);
		if (other != NULL) {
			line = other;
			side = FLOW_BY_USER;
		}
	}
	if (line == NULL)
		return NULL;
	l->side = side;
	pass_turn(l, line, side);
	return flow_shift(l, line);
}
