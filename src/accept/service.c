#include <errmsg.h>

#include "accept/service.h"
#include "lib/deadline.h"

#define FULL_MAX 60000   /* milliseconds for which somebody waits for room */
#define FULL_SURPLUS 500 /* and until there is one segment more than there should be */
#define PULSE 1000       /* milliseconds between looks at what is late */

#define ANSWER_FULL "Zthe queue's journal is full (#4.3.1)"
#define ANSWER_FAILED "Zunable to write to the queue (#4.3.0)"

void
service_tick(struct service *s)
{
	s->now = deadline_now();
}

/* The oldest segment is next: what in it is only prepared goes on in the current one. */
static void
provide(struct service *s, int needed, int surplus)
{
	struct slots *slots = &s->batch.slots;
	struct slot *oldest;
	int wanted = slots_want(slots, needed, s->now);

	if (!wanted && (slots->current == NULL || !slots_are_many(slots)))
		return;
	oldest = slots_oldest(slots);
	if (oldest != NULL && oldest->live == 0 && oldest->prepared > 0)
		batch_carry(&s->batch, oldest);
	if (wanted)
		slots_provide(slots, s->now, surplus);
	else
		slots_shrink(slots, s->now);
}

/* The disk is full, or fails: then those who come later need not wait for that. */
static void
wait_for_room(struct service *s)
{
	const struct slots *slots = &s->batch.slots;

	if (s->full_since == 0)
		s->full_since = s->now;
	provide(s, 1, s->now - s->full_since >= FULL_SURPLUS);
	if (slots->in_trouble && slots->maker == 0)
		batch_give_up(&s->batch, &s->guests, ANSWER_FAILED);
	else if (s->now - s->full_since >= FULL_MAX)
		batch_give_up(&s->batch, &s->guests, ANSWER_FULL);
}

void
service_commit(struct service *s)
{
	switch (batch_write(&s->batch, &s->guests)) {
	case BATCH_WRITTEN:
		s->full_since = 0;
		provide(s, 0, 0);
		break;
	case BATCH_FULL:
		wait_for_room(s);
		break;
	case BATCH_FAILED:
		s->full_since = s->now;
		batch_give_up(&s->batch, &s->guests, ANSWER_FAILED);
	}
}

/* Only what nobody waits for waits for others. */
static int
is_due(const struct service *s)
{
	const struct batch *b = &s->batch;

	return b->since != 0 && (b->waits || s->now - b->since >= BATCH_PATIENCE);
}

void
service_go_on(struct service *s)
{
	if (is_due(s))
		service_commit(s);
	else
		provide(s, 0, 0);
}

int
service_patience(const struct service *s)
{
	const struct batch *b = &s->batch;

	if (is_due(s) && s->full_since == 0)
		return 0;
	if (s->full_since != 0)
		return FULL_SURPLUS;
	if (b->since != 0)
		return (int)(b->since + BATCH_PATIENCE - s->now);
	if (s->seekers > 0 || s->retry_at != 0 || s->crowded_since != 0)
		return PULSE / 10;
	return s->guests.count > 0 || b->unsettled.count > 0 || b->since != 0 ||
		       b->slots.in_trouble || s->sweep
		   ? PULSE
		   : -1;
}
