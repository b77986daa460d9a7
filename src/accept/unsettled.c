#include <stdlib.h>
#include <string.h>

#include "accept/slots.h"
#include "accept/unsettled.h"
#include "lib/heap.h"

#define ROOM_FIRST 256

static struct unsettled **
place(const struct unsettled_list *l, const char *id)
{
	return &l->slots[queueid_hash(id, l->seed) & (l->room - 1)];
}

struct unsettled *
unsettled_find(const struct unsettled_list *l, const char *id)
{
	struct unsettled *u = l->count > 0 ? *place(l, id) : NULL;

	while (u != NULL && strcmp(u->id, id) != 0)
		u = u->chain;
	return u;
}

static void
grow(struct unsettled_list *l)
{
	struct unsettled *u, **p;

	free(l->slots);
	l->room = l->room > 0 ? 2 * l->room : ROOM_FIRST;
	l->slots = heap_make(l->room, sizeof(*l->slots));
	for (u = l->first; u != NULL; u = u->later) {
		p = place(l, u->id);
		u->chain = *p;
		*p = u;
	}
}

struct unsettled *
unsettled_add(struct unsettled_list *l, const char *id)
{
	struct unsettled *u = heap_make(1, sizeof *u), **p;

	if (l->count == l->room)
		grow(l);
	strcpy(u->id, id);
	p = place(l, id);
	u->chain = *p;
	*p = u;
	u->earlier = l->last;
	if (l->last != NULL)
		l->last->later = u;
	else
		l->first = u;
	l->last = u;
	if (l->waiting == NULL)
		l->waiting = u;
	++l->count;
	return u;
}

static void
unlink_from_list(struct unsettled_list *l, struct unsettled *u)
{
	if (l->waiting == u)
		l->waiting = u->later;
	if (u->earlier != NULL)
		u->earlier->later = u->later;
	else
		l->first = u->later;
	if (u->later != NULL)
		u->later->earlier = u->earlier;
	else
		l->last = u->earlier;
}

void
unsettled_drop(struct unsettled_list *l, struct unsettled *u)
{
	struct unsettled **p = place(l, u->id);

	while (*p != u)
		p = &(*p)->chain;
	*p = u->chain;
	unlink_from_list(l, u);
	--l->count;
	l->handed -= u->handed;
	if (u->slot != NULL)
		--u->slot->live;
	stralloc_free(&u->lines);
	free(u);
}

struct unsettled *
unsettled_waiting(struct unsettled_list *l)
{
	while (l->waiting != NULL &&
	       (l->waiting->handed || l->waiting->filed || l->waiting->stuck))
		l->waiting = l->waiting->later;
	return l->waiting;
}

void
unsettled_hand(struct unsettled_list *l, struct unsettled *u)
{
	u->handed = 1;
	++l->handed;
}

void
unsettled_take_back(struct unsettled_list *l)
{
	for (struct unsettled *u = l->first; u != NULL; u = u->later)
		if (u->handed) {
			u->handed = u->asked = 0;
			u->again = 1;
		}
	l->handed = 0;
	l->waiting = l->first;
}
