#include "schedule/unfiled.h"

#define PATIENCE 5000     /* milliseconds for an attempt before it becomes a file, */
#define PATIENCE_FULL 500 /* or when not many more may be handed over */
#define PAUSE_FAILED 10000

size_t
unfiled_window(const struct scheduler *s)
{
	return s->active.most * 2 / 5 + 1;
}

void
unfiled_watch(struct scheduler *s, struct message *m)
{
	int is_full = s->active.unfiled > unfiled_window(s) / 4 * 3;

	scheduler_wake(s, m, is_full ? PATIENCE_FULL : PATIENCE);
}

void
unfiled_file(struct scheduler *s, struct message *m)
{
	if (m->spill == MESSAGE_SPILLED)
		supply_file(&s->supply, m->id);
	else
		spill_want(&s->spill, m);
}

void
unfiled_hurry(struct scheduler *s, struct message *m)
{
	if (m->state == MESSAGE_ATTEMPTING || m->state == MESSAGE_STUCK)
		scheduler_wake(s, m, 0);
}

static enum message_state
fail(struct scheduler *s, struct message *m)
{
	if (m->state != MESSAGE_ATTEMPTING)
		return MESSAGE_STUCK;
	scheduler_wake(s, m, PAUSE_FAILED);
	return MESSAGE_ATTEMPTING;
}

enum message_state
unfiled_written(struct scheduler *s, struct message *m, const struct event *e)
{
	if (!e->ok)
		return fail(s, m);
	/* entering the other state goes on with it */
	if (m->state == MESSAGE_ATTEMPTING)
		unfiled_file(s, m);
	return m->state;
}

/* The service has no lines any more: what the file lacks goes there at once. */
enum message_state
unfiled_end(struct scheduler *s, struct message *m, const struct event *e)
{
	(void)e;
	if (m->spill != MESSAGE_SPILLED)
		return m->state;
	if (message_become_file(m) == -1)
		return fail(s, m);
	removed_move(&s->removed);
	--s->active.unfiled;
	message_save(m, &s->supply);
	return m->state == MESSAGE_FILING ? m->then : m->state;
}

enum message_state
unfiled_slow(struct scheduler *s, struct message *m, const struct event *e)
{
	(void)e;
	m->wake = 0;
	if (!message_is_file(m))
		unfiled_file(s, m);
	return MESSAGE_ATTEMPTING;
}
