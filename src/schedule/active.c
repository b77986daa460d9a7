#include <string.h>

#include "schedule/active.h"

struct message *
active_find(const struct active *a, const char *id)
{
	struct table_entry *e = table_find(&a->all, queueid_hash(id, 0));

	while (e != NULL && strcmp(((struct message *)e)->id, id) != 0)
		e = table_find_next(e);
	return (struct message *)e;
}

struct message *
active_each(const struct active *a, const struct message *m)
{
	return (struct message *)table_next(&a->all, m != NULL ? &m->entry : NULL);
}

void
active_add(struct active *a, struct message *m)
{
	table_put(&a->all, &m->entry, queueid_hash(m->id, 0));
	m->weight = file_weight(&m->file);
	a->weight += m->weight;
}

void
active_remove(struct active *a, struct message *m)
{
	table_remove(&a->all, &m->entry);
	a->weight -= m->weight;
	for (int k = 0; k < ROUTE_CHANNELS; ++k)
		if (m->users[k] != NULL)
			submitter_leave(&a->users, m->users[k]);
	message_close(m);
}
