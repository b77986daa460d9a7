#include "schedule/shedding.h"
#include "schedule/admission.h"
#include "schedule/scheduler.h"

/* Places that somebody may have before he gives some back, for two that he would get. */
#define TOO_MANY(n) ((n) + (n) / 2)

/*
 * One that waits for nothing else, and of which nothing has been delivered yet.  What is
 * no file becomes one if it has to wait for long.
 */
static int
may_leave(const struct task *job)
{
	return job->message->jobs == 1 && job->message->lines.len == 0 &&
	       !job->message->unsynced && message_is_file(job->message);
}

/* The last n of the line's jobs leave, if they may. */
static void
trim(struct scheduler *s, struct flow_room *l, struct flow *line, size_t n)
{
	struct ring *stay = NULL, *node;

	for (; n > 0; --n) {
		struct task *job = RING_OF(flow_cut(l, line), struct task, ring);

		if (!may_leave(job)) {
			ring_put_first(&stay, &job->ring);
			continue;
		}
		admission_leave(s, job->message, job);
		task_free(job);
	}
	while ((node = ring_shift(&stay)) != NULL)
		destination_put(&s->destinations, RING_OF(node, struct task, ring));
}

static void
trim_lines(struct scheduler *s, struct flow_room *l, size_t most)
{
	for (struct table_entry *e = NULL; (e = table_next(&l->lines, e)) != NULL;) {
		struct flow *line = (struct flow *)e;

		/* at least one stays, and so the line does */
		if (line->count > TOO_MANY(most))
			trim(s, l, line, line->count - most);
	}
}

/* That many are too many: those whose turn would come last leave. */
static void
trim_party(struct scheduler *s, struct flow_room *l, struct flow_party *p,
    enum flow_side side, size_t excess)
{
	size_t lines = 0;
	struct ring *r = p->turn;

	do
		++lines;
	while ((r = r->next) != p->turn);
	for (r = r->prev; lines-- > 0 && excess > 0;) {
		struct flow *line = flow_line(r, side);
		size_t n = line->count < excess ? line->count : excess;

		r = r->prev;
		trim(s, l, line, n);
		excess -= n;
	}
}

static size_t
places_of(const struct flow_party *p, enum flow_side side)
{
	return side == FLOW_BY_USER ? RING_OF(p, struct submitter, party)->messages
				    : p->count;
}

static void
trim_parties(struct scheduler *s, struct flow_room *l, enum flow_side side, size_t most)
{
	struct ring *begin = l->turn[side], *r = begin;

	while (r != NULL) {
		struct flow_party *p = RING_OF(r, struct flow_party, ring);

		r = r->next == begin ? NULL : r->next;
		if (places_of(p, side) > TOO_MANY(most))
			trim_party(s, l, p, side, places_of(p, side) - most);
	}
}

void
shedding_begin(struct scheduler *s)
{
	size_t free = admission_free(s);

	if (s->backlog.ids.count == 0)
		return;
	if (free == 0)
		free = 1;
	for (int k = 0; k < ROUTE_CHANNELS; ++k) {
		struct flow_room *l = &s->destinations.lines[k];

		trim_lines(s, l, free);
		trim_parties(s, l, FLOW_BY_DESTINATION, ADMISSION_SHARE * free);
		trim_parties(s, l, FLOW_BY_USER, ADMISSION_SHARE * free);
	}
}
