#include "queue/queue_backlog.h"

#include <stdlib.h>
#include <string.h>

#include <errmsg.h>

#include "lib/verdict.h"

static struct queue_waiter *
at(const struct queue_backlog *b, uint32_t i)
{
	return &b->list[i - 1];
}

static uint32_t *
slot(const struct queue_backlog *b, const char *id)
{
	char name[QUEUEID_LEN + 1] = {0};

	memcpy(name, id, QUEUEID_LEN);
	return (uint32_t *)&b->slots[queueid_hash(name, 0) % QUEUE_BACKLOG_SLOTS];
}

static struct queue_bin *
bin(const struct queue_backlog *b, const uint64_t key[], int side)
{
	return (struct queue_bin *)&b->bins[side][key[side] % QUEUE_BACKLOG_BINS];
}

struct queue_waiter *
queue_backlog_find(const struct queue_backlog *b, const char *id)
{
	uint32_t i;

	if (b->count == 0)
		return NULL;
	for (i = *slot(b, id); i; i = at(b, i)->chain)
		if (memcmp(at(b, i)->id, id, QUEUEID_LEN) == 0)
			return at(b, i);
	return NULL;
}

int
queue_backlog_is_behind(const struct queue_backlog *b, const uint64_t key[])
{
	for (int side = 0; side < QUEUE_SIDES; ++side)
		if (bin(b, key, side)->count == 0)
			return 0;
	return 1;
}

/* Just before the one whose turn it is, that is, last. */
static void
enter_ring(struct queue_backlog *b, int side, uint16_t n)
{
	struct queue_bin *bins = b->bins[side], *new = &bins[n];

	if (b->filled[side]++ == 0) {
		b->turn[side] = new->next = new->prev = n;
		return;
	}
	new->next = b->turn[side];
	new->prev = bins[new->next].prev;
	bins[new->next].prev = bins[new->prev].next = n;
}

static void
leave_ring(struct queue_backlog *b, int side, uint16_t n)
{
	struct queue_bin *bins = b->bins[side];

	--b->filled[side];
	if (b->turn[side] == n)
		b->turn[side] = bins[n].next;
	bins[bins[n].prev].next = bins[n].next;
	bins[bins[n].next].prev = bins[n].prev;
}

static void
enter_bin(struct queue_backlog *b, int side, uint32_t i, int at_front)
{
	struct queue_waiter *w = at(b, i);
	struct queue_bin *new = bin(b, w->key, side);

	w->prev[side] = at_front ? 0 : new->last;
	w->next[side] = at_front ? new->first : 0;
	*(w->prev[side] ? &at(b, w->prev[side])->next[side] : &new->first) = i;
	*(w->next[side] ? &at(b, w->next[side])->prev[side] : &new->last) = i;
	if (new->count++ == 0)
		enter_ring(b, side, new - b->bins[side]);
}

static void
leave_bin(struct queue_backlog *b, int side, uint32_t i)
{
	struct queue_waiter *w = at(b, i);
	struct queue_bin *old = bin(b, w->key, side);

	*(w->prev[side] ? &at(b, w->prev[side])->next[side] : &old->first) =
	    w->next[side];
	*(w->next[side] ? &at(b, w->next[side])->prev[side] : &old->last) = w->prev[side];
	if (--old->count == 0)
		leave_ring(b, side, old - b->bins[side]);
}

static void
remove_waiter(struct queue_backlog *b, uint32_t i)
{
	struct queue_waiter *w = at(b, i);
	uint32_t *p = slot(b, w->id);

	while (*p != i)
		p = &at(b, *p)->chain;
	*p = w->chain;
	leave_bin(b, QUEUE_BY_DESTINATION, i);
	leave_bin(b, QUEUE_BY_USER, i);
	w->chain = b->free;
	b->free = i;
	--b->count;
}

/* The fullest bin, with one message more where keys would have it. */
static struct queue_bin *
fullest(struct queue_backlog *b, const uint64_t key[])
{
	struct queue_bin *most = bin(b, key, QUEUE_BY_DESTINATION);

	for (int side = 0; side < QUEUE_SIDES; ++side) {
		if (bin(b, key, side)->count > most->count)
			most = bin(b, key, side);
		for (size_t n = 0; n < QUEUE_BACKLOG_BINS; ++n)
			if (b->bins[side][n].count > most->count + 1)
				most = &b->bins[side][n];
	}
	return most;
}

/* Returns 0 when there is no room for one with these keys. */
static int
make_room(struct queue_backlog *b, const uint64_t key[])
{
	struct queue_bin *most;

	if (b->count < QUEUE_BACKLOG_MAX)
		return 1;
	b->lost = 1;
	most = fullest(b, key);
	if (most == bin(b, key, QUEUE_BY_DESTINATION) ||
	    most == bin(b, key, QUEUE_BY_USER))
		return 0;
	remove_waiter(b, most->last);
	return 1;
}

static uint32_t
get_free(struct queue_backlog *b)
{
	uint32_t i = b->free;

	if (i) {
		b->free = at(b, i)->chain;
		return i;
	}
	if (b->used == b->room) {
		b->room = b->room ? 2 * b->room : 256;
		b->list = realloc(b->list, b->room * sizeof *b->list);
		if (!b->list)
			die(DEFER, "out of memory");
	}
	return ++b->used;
}

void
queue_backlog_put(struct queue_backlog *b, const struct queue_waiter *w, int at_front)
{
	uint32_t i, *p;

	if (queue_backlog_find(b, w->id) || !make_room(b, w->key))
		return;
	i = get_free(b);
	*at(b, i) = *w;
	p = slot(b, w->id);
	at(b, i)->chain = *p;
	*p = i;
	enter_bin(b, QUEUE_BY_DESTINATION, i, at_front);
	enter_bin(b, QUEUE_BY_USER, i, at_front);
	++b->count;
}

/* The first one of the bin whose turn it is of those that may go, or 0. */
static uint32_t
find(const struct queue_backlog *b, int side, queue_backlog_may *may, void *context)
{
	uint16_t n = b->turn[side];

	for (size_t i = 0; i < b->filled[side]; ++i, n = b->bins[side][n].next) {
		uint32_t first = b->bins[side][n].first;

		if (may(context, at(b, first)))
			return first;
	}
	return 0;
}

int
queue_backlog_take(struct queue_backlog *b, queue_backlog_may *may, void *context,
    struct queue_waiter *w)
{
	uint32_t i = 0;

	for (int k = 0; k < QUEUE_SIDES && !i; ++k) {
		b->side = b->side == QUEUE_BY_USER ? QUEUE_BY_DESTINATION : QUEUE_BY_USER;
		i = find(b, b->side, may, context);
	}
	if (!i)
		return 0;
	*w = *at(b, i);
	for (int side = 0; side < QUEUE_SIDES; ++side) {
		uint16_t n = bin(b, w->key, side) - b->bins[side];

		if (side == (int)b->side || b->turn[side] == n)
			b->turn[side] = b->bins[side][n].next;
	}
	remove_waiter(b, i);
	return 1;
}
