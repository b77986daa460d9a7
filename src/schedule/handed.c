#include <unistd.h>

#include "schedule/handed.h"
#include "schedule/life.h"
#include "schedule/unfiled.h"

/* What it was told on the old connection it may have missed. */
void
handed_connect(struct scheduler *s)
{
	struct message *m = NULL;

	if (s->stopping || !supply_connect(&s->supply, unfiled_window(s), s->now_ms))
		return;
	while ((m = active_each(&s->active, m)) != NULL)
		if (m->spill == MESSAGE_SPILLED)
			supply_file(&s->supply, m->id);
}

/*
 * Handed over again after a connection was lost: we have it still, or have done with it.
 * What has become a file needs no record, but what was prepared for it stays known.
 */
static int
is_ours(struct scheduler *s, const struct supply_order *o)
{
	struct message *m = active_find(&s->active, o->id);

	if (m != NULL && !message_is_file(m)) {
		message_compare(m, o->fd);
		message_save(m, &s->supply);
		return 1;
	}
	if (m == NULL && backlog_find(&s->backlog, o->id) == NULL)
		return o->again && supply_has_settled(&s->supply, o->id);
	supply_file(&s->supply, o->id);
	return 1;
}

/* In trouble all that is not settled is asked for once more, later. */
static void
take_message(struct scheduler *s, const struct supply_order *o)
{
	if (is_ours(s, o))
		close(o->fd);
	else if (life_begin_unfiled(s, o->id, o->again ? LIFE_AGAIN : 0, o->fd) == -1)
		supply_lose(&s->supply, s->now_ms);
}

int
handed_take(struct scheduler *s)
{
	struct event event = {.kind = EVENT_FILED};
	struct supply_order o;

	if (!supply_next(&s->supply, &o, s->now_ms))
		return 0;
	event.message = active_find(&s->active, o.id);
	if (o.kind == SUPPLY_MESSAGE)
		take_message(s, &o);
	else if (event.message != NULL && o.kind == SUPPLY_FILED)
		event_put(&s->events, &event);
	else if (event.message != NULL && !message_is_file(event.message))
		unfiled_hurry(s, event.message);
	return 1;
}
