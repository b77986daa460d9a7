#include "queue/queue_room.h"

#include <string.h>

#include "queue/queue_scheduler.h"

#define LOOKED_AT 100 /* recipients, of which one with room is enough */

size_t
queue_room_free(const struct queue_scheduler *s)
{
	const struct queue_active *a = &s->active;
	size_t left, by_weight;

	if (a->count == 0)
		return a->most;
	if (a->count >= a->most || a->weight >= QUEUE_ACTIVE_WEIGHT)
		return 0;
	left = a->most - a->count;
	by_weight =
	    (QUEUE_ACTIVE_WEIGHT - a->weight) / (QUEUE_ACTIVE_WEIGHT / a->most) + 1;
	return left < by_weight ? left : by_weight;
}

int
queue_room_may(void *scheduler, const struct queue_waiter *w)
{
	const struct queue_scheduler *s = scheduler;
	size_t free = queue_room_free(s), share = QUEUE_PARTY_SHARE * free;
	const struct queue_destination *d =
	    queue_destination_find(&s->destinations, w->key[QUEUE_BY_DESTINATION]);
	const struct queue_user *u =
	    queue_user_find(&s->active.users, w->key[QUEUE_BY_USER]);
	const struct queue_line *line;

	if (free == 0 || (u && u->messages >= share) ||
	    (d && d->waiting + d->running >= share))
		return 0;
	if (!d || !u)
		return 1;
	line = queue_line_find(
	    &s->destinations.lines[(int)w->channel], &d->party, &u->party);
	return !line || line->count < free;
}

/* The keys of recipient i.  Returns 0 when nobody knows where it goes. */
static int
set_keys(struct queue_scheduler *s, const struct queue_message *m, size_t i,
    struct queue_waiter *w)
{
	enum queue_channel_name channel;

	if (!queue_route_find(
		&s->route, m->file.envelope.recipients[i].address, &channel))
		return 0;
	w->channel = channel;
	w->key[QUEUE_BY_DESTINATION] = queue_destination_key(channel, s->route.domain.s);
	w->key[QUEUE_BY_USER] = queue_user_key(&m->file.envelope, channel);
	return 1;
}

/* With half of the places free nobody can have too many of them. */
static int
is_plenty(const struct queue_active *a)
{
	return a->count < a->most / 2 && a->weight < QUEUE_ACTIVE_WEIGHT / 2;
}

int
queue_room_for(struct queue_scheduler *s, struct queue_message *m, struct queue_waiter *w)
{
	struct queue_waiter other;
	int waits = 0;

	if (s->backlog.count == 0 && is_plenty(&s->active))
		return 1;
	memset(w, 0, sizeof *w);
	w->bucket = m->bucket;
	w->again = m->again;
	memcpy(w->id, m->id, sizeof w->id);
	other = *w;
	for (size_t i = 0, n = 0; i < m->file.envelope.count && n < LOOKED_AT; ++i) {
		if (!queue_message_is_open(m, i))
			continue;
		++n;
		if (!set_keys(s, m, i, &other) ||
		    (queue_room_may(s, &other) &&
			!queue_backlog_is_behind(&s->backlog, other.key)))
			return 1;
		if (!waits)
			*w = other;
		waits = 1;
	}
	return !waits;
}

void
queue_room_leave(
    struct queue_scheduler *s, struct queue_message *m, const struct queue_job *job)
{
	struct queue_waiter w = {.bucket = m->bucket, .again = m->again};

	memcpy(w.id, m->id, sizeof w.id);
	w.channel = job->destination->channel;
	w.key[QUEUE_BY_DESTINATION] = job->destination->key;
	w.key[QUEUE_BY_USER] = job->user->key;
	queue_active_remove(&s->active, m);
	queue_backlog_put(&s->backlog, &w, 1);
}
