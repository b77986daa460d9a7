#include "queue/queue_relief.h"

#include "queue/queue_room.h"
#include "queue/queue_scheduler.h"

/* Places that somebody may have before he gives some back, for two that he would get. */
#define TOO_MANY(n) ((n) + (n) / 2)

/* One that waits for nothing else, and of which nothing has been delivered yet. */
static int
may_leave(const struct queue_job *job)
{
	return job->message->jobs == 1 && job->message->lines.len == 0 &&
	       !job->message->unsynced;
}

/* Keep so many of the line's jobs; the others leave, if they may. */
static void
trim(struct queue_scheduler *s, struct queue_lines *l, struct queue_line *line,
    size_t kept)
{
	struct queue_job *job = queue_line_cut(l, line, kept), *next, *stay = NULL;

	for (; job; job = next) {
		next = job->next;
		--job->destination->waiting;
		if (may_leave(job)) {
			queue_room_leave(s, job->message, job);
			queue_job_free(job);
		} else {
			job->next = stay;
			stay = job;
		}
	}
	for (; stay; stay = next) {
		next = stay->next;
		queue_destination_put(&s->destinations, stay);
	}
}

static void
trim_lines(struct queue_scheduler *s, struct queue_lines *l, size_t most)
{
	for (size_t i = 0; i < QUEUE_LINE_SLOTS; ++i)
		for (struct queue_line *line = l->slots[i]; line; line = line->chain)
			if (line->count > TOO_MANY(most))
				trim(s, l, line, most);
}

/* That many are too many: those whose turn would come last leave. */
static void
trim_party(struct queue_scheduler *s, struct queue_lines *l, struct queue_party *p,
    enum queue_side side, size_t excess)
{
	struct queue_line *line = p->turn, *before;
	size_t lines = 0;

	do
		++lines;
	while ((line = line->next[side]) != p->turn);
	for (line = line->prev[side]; lines-- > 0 && excess > 0; line = before) {
		size_t n = line->count < excess ? line->count : excess;

		before = line->prev[side];
		trim(s, l, line, line->count - n);
		excess -= n;
	}
}

static size_t
places_of(const struct queue_party *p, enum queue_side side)
{
	return side == QUEUE_BY_USER ? ((const struct queue_user *)p)->messages
				     : ((const struct queue_destination *)p)->waiting;
}

static void
trim_parties(
    struct queue_scheduler *s, struct queue_lines *l, enum queue_side side, size_t most)
{
	struct queue_party *begin = l->ring[side], *p = begin;

	while (p) {
		struct queue_party *next = p->next == begin ? NULL : p->next;

		if (places_of(p, side) > TOO_MANY(most))
			trim_party(s, l, p, side, places_of(p, side) - most);
		p = next;
	}
}

void
queue_relieve(struct queue_scheduler *s)
{
	size_t free = queue_room_free(s);

	if (s->backlog.count == 0)
		return;
	if (free == 0)
		free = 1;
	for (int k = 0; k < QUEUE_CHANNELS; ++k) {
		struct queue_lines *l = &s->destinations.lines[k];

		trim_lines(s, l, free);
		trim_parties(s, l, QUEUE_BY_DESTINATION, QUEUE_PARTY_SHARE * free);
		trim_parties(s, l, QUEUE_BY_USER, QUEUE_PARTY_SHARE * free);
	}
}
