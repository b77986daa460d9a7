#include <string.h>

#include "schedule/admission.h"
#include "schedule/scheduler.h"

#define LOOKED_AT 100 /* recipients, of which one with room is enough */

size_t
admission_free(const struct scheduler *s)
{
	const struct active *a = &s->active;
	size_t left, by_weight;

	if (a->all.count == 0)
		return a->most;
	if (a->all.count >= a->most || a->weight >= ACTIVE_WEIGHT)
		return 0;
	left = a->most - a->all.count;
	by_weight = (ACTIVE_WEIGHT - a->weight) / (ACTIVE_WEIGHT / a->most) + 1;
	return left < by_weight ? left : by_weight;
}

int
admission_may(void *scheduler, const struct backlog_waiter *w)
{
	const struct scheduler *s = scheduler;
	size_t free = admission_free(s), share = ADMISSION_SHARE * free;
	const struct destination *d;
	const struct submitter *u;
	const struct flow *line;

	if (free == 0)
		return 0;
	d = destination_find(&s->destinations, w->key[FLOW_BY_DESTINATION]);
	if (d != NULL && d->party.count + d->running >= share)
		return 0;
	u = submitter_find(&s->active.users, w->key[FLOW_BY_USER]);
	if (u != NULL && u->messages >= share)
		return 0;
	if (d == NULL || u == NULL)
		return 1;
	line = flow_find(&s->destinations.lines[(int)w->channel], &d->party, &u->party);
	return line == NULL || line->count < free;
}

/* The keys of recipient i.  Returns 0 when nobody knows where it goes. */
static int
set_keys(struct scheduler *s, const struct message *m, size_t i, struct backlog_waiter *w)
{
	enum route_channel channel;

	if (!route_find(&s->route, m->file.envelope.recipients[i].address, &channel))
		return 0;
	w->channel = channel;
	w->key[FLOW_BY_DESTINATION] =
	    destination_key(channel, s->route.domain.s, scheduler_way(s, m, channel));
	w->key[FLOW_BY_USER] = submitter_key(&m->file.envelope, channel);
	return 1;
}

/* With half of the places free nobody can have too many of them. */
static int
is_plenty(const struct active *a)
{
	return a->all.count < a->most / 2 && a->weight < ACTIVE_WEIGHT / 2;
}

int
admission_for(struct scheduler *s, struct message *m, struct backlog_waiter *w)
{
	struct backlog_waiter other;
	int waits = 0;

	if (s->backlog.ids.count == 0 && is_plenty(&s->active))
		return 1;
	memset(w, 0, sizeof *w);
	w->bucket = m->bucket;
	w->again = m->again;
	memcpy(w->id, m->id, sizeof w->id);
	other = *w;
	for (size_t i = 0, n = 0; i < m->file.envelope.count && n < LOOKED_AT; ++i) {
		if (!message_is_open(m, i))
			continue;
		++n;
		if (!set_keys(s, m, i, &other) ||
		    (admission_may(s, &other) &&
			!backlog_is_behind(&s->backlog, other.key)))
			return 1;
		if (!waits)
			*w = other;
		waits = 1;
	}
	return !waits;
}

void
admission_leave(struct scheduler *s, struct message *m, const struct task *job)
{
	struct backlog_waiter w = {.bucket = m->bucket, .again = m->again};

	memcpy(w.id, m->id, sizeof w.id);
	w.channel = job->destination->channel;
	w.key[FLOW_BY_DESTINATION] = job->destination->entry.key;
	w.key[FLOW_BY_USER] = job->user->entry.key;
	active_remove(&s->active, m);
	backlog_put(&s->backlog, &w, 1);
}
