#include "turns/ring.h"

void
ring_put(struct ring **turn, struct ring *node)
{
	if (*turn == NULL) {
		*turn = node->next = node->prev = node;
		return;
	}
	node->next = *turn;
	node->prev = (*turn)->prev;
	node->prev->next = node->next->prev = node;
}

void
ring_put_first(struct ring **turn, struct ring *node)
{
	ring_put(turn, node);
	*turn = node;
}

void
ring_remove(struct ring **turn, struct ring *node)
{
	if (*turn == node)
		*turn = node->next == node ? NULL : node->next;
	node->prev->next = node->next;
	node->next->prev = node->prev;
}

struct ring *
ring_shift(struct ring **turn)
{
	struct ring *node = *turn;

	if (node != NULL)
		ring_remove(turn, node);
	return node;
}
