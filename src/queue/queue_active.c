#include "queue/queue_active.h"

#include <stdlib.h>
#include <string.h>

static struct queue_message **
slot(struct queue_active *a, const char *id)
{
	return &a->slots[queueid_hash(id, 0) % QUEUE_ACTIVE_SLOTS];
}

struct queue_message *
queue_active_find(struct queue_active *a, const char *id)
{
	struct queue_message *m = *slot(a, id);

	while (m && strcmp(m->id, id) != 0)
		m = m->chain;
	return m;
}

void
queue_active_add(struct queue_active *a, struct queue_message *m)
{
	struct queue_message **p = slot(a, m->id);

	m->chain = *p;
	*p = m;
	m->weight = queue_file_weight(&m->file);
	a->weight += m->weight;
	++a->count;
}

void
queue_active_remove(struct queue_active *a, struct queue_message *m)
{
	struct queue_message **p = slot(a, m->id);

	while (*p != m)
		p = &(*p)->chain;
	*p = m->chain;
	a->weight -= m->weight;
	--a->count;
	for (int k = 0; k < QUEUE_CHANNELS; ++k)
		if (m->users[k])
			queue_user_leave(&a->users, m->users[k]);
	queue_file_close(&m->file);
	stralloc_free(&m->lines);
	free(m);
}
