#include <stdlib.h>
#include <string.h>

#include "accept/prepared.h"
#include "accept/slots.h"
#include "lib/heap.h"
#include "queue/record.h"

#define ROOM_FIRST 64

static struct prepared **
place(const struct prepared_list *l, const char *id)
{
	return &l->slots[queueid_hash(id, l->seed) & (l->room - 1)];
}

struct prepared *
prepared_find(
    const struct prepared_list *l, const char *id, const char *mailbox, size_t len)
{
	struct prepared *p = l->count > 0 ? *place(l, id) : NULL;

	while (p != NULL && (strcmp(p->id, id) != 0 || p->len != len ||
				memcmp(p->mailbox, mailbox, len) != 0))
		p = p->chain;
	return p;
}

int
prepared_has(const struct prepared_list *l, const char *id)
{
	const struct prepared *p = l->count > 0 ? *place(l, id) : NULL;

	while (p != NULL && strcmp(p->id, id) != 0)
		p = p->chain;
	return p != NULL;
}

static void
link_into_chain(struct prepared_list *l, struct prepared *p)
{
	struct prepared **at = place(l, p->id);

	p->chain = *at;
	*at = p;
}

static void
grow(struct prepared_list *l)
{
	free(l->slots);
	l->room = l->room > 0 ? 2 * l->room : ROOM_FIRST;
	l->slots = heap_make(l->room, sizeof(*l->slots));
	for (struct prepared *p = l->first; p != NULL; p = p->later)
		link_into_chain(l, p);
}

static void
append(struct prepared_list *l, struct prepared *p)
{
	p->later = NULL;
	p->earlier = l->last;
	if (l->last != NULL)
		l->last->later = p;
	else
		l->first = p;
	l->last = p;
}

static void
take_out(struct prepared_list *l, struct prepared *p)
{
	if (p->earlier != NULL)
		p->earlier->later = p->later;
	else
		l->first = p->later;
	if (p->later != NULL)
		p->later->earlier = p->earlier;
	else
		l->last = p->earlier;
}

struct prepared *
prepared_add(struct prepared_list *l, const char *id, const char *mailbox, size_t len)
{
	struct prepared *p;

	if (l->count == l->room)
		grow(l);
	p = heap_make(1, sizeof *p + len + 1);
	strcpy(p->id, id);
	memcpy(p->mailbox, mailbox, len);
	p->len = len;
	link_into_chain(l, p);
	append(l, p);
	++l->count;
	++l->pending;
	l->bytes += RECORD_HEAD + len;
	return p;
}

void
prepared_forget(struct prepared_list *l, struct prepared *p)
{
	struct prepared **at = place(l, p->id);

	while (*at != p)
		at = &(*at)->chain;
	*at = p->chain;
	take_out(l, p);
	--l->count;
	l->bytes -= RECORD_HEAD + p->len;
	if (p->slot != NULL)
		--p->slot->prepared;
	else
		--l->pending;
	free(p);
}

size_t
prepared_drop(struct prepared_list *l, const char *id)
{
	struct prepared *p = l->count > 0 ? *place(l, id) : NULL, *next;
	size_t n = 0;

	for (; p != NULL; p = next) {
		next = p->chain;
		if (strcmp(p->id, id) == 0) {
			prepared_forget(l, p);
			++n;
		}
	}
	return n;
}

void
prepared_written(struct prepared_list *l, struct slot *slot)
{
	for (struct prepared *p = l->last; l->pending > 0; p = p->earlier) {
		if (p->slot != NULL)
			continue;
		p->slot = slot;
		++slot->prepared;
		--l->pending;
	}
}

void
prepared_carried(struct prepared_list *l, struct prepared *p, struct slot *slot)
{
	--p->slot->prepared;
	p->slot = slot;
	++slot->prepared;
	take_out(l, p);
	append(l, p);
}
