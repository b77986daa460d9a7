#include <string.h>

#include "accept/lately.h"

static unsigned
chain(const struct lately *l, const char *id)
{
	return (unsigned)(queueid_hash(id, l->seed) & (LATELY_ROOM - 1));
}

/* Its number + 1, or 0. */
static unsigned
find(const struct lately *l, const char *id)
{
	unsigned n = l->first[chain(l, id)];

	while (n != 0 && strcmp(l->list[n - 1].id, id) != 0)
		n = l->list[n - 1].next;
	return n;
}

static void
forget(struct lately *l, unsigned n)
{
	unsigned *at = &l->first[chain(l, l->list[n - 1].id)];

	while (*at != n)
		at = &l->list[*at - 1].next;
	*at = l->list[n - 1].next;
	l->list[n - 1].id[0] = '\0';
}

void
lately_put(struct lately *l, const char *id, enum lately_state state)
{
	unsigned n = find(l, id), *first = &l->first[chain(l, id)];

	if (n != 0)
		forget(l, n);
	n = l->oldest + 1;
	l->oldest = n % LATELY_ROOM;
	if (l->list[n - 1].id[0] != '\0')
		forget(l, n);
	strcpy(l->list[n - 1].id, id);
	l->list[n - 1].state = (char)state;
	l->list[n - 1].next = *first;
	*first = n;
}

enum lately_state
lately_has(const struct lately *l, const char *id)
{
	unsigned n = find(l, id);

	return n != 0 ? (enum lately_state)l->list[n - 1].state : LATELY_UNKNOWN;
}
