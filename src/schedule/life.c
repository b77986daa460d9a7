#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "lib/log.h"
#include "queue/owed.h"
#include "schedule/attempt.h"
#include "schedule/keep.h"
#include "schedule/later.h"
#include "schedule/life.h"
#include "schedule/opening.h"
#include "schedule/sender.h"
#include "schedule/unfiled.h"

/*
 *   opened ---> held or paused (keep.h), or waiting in the backlog (admission.h): gone
 *     |
 *   owing       while the report is made that an earlier attempt did not come to
 *     |
 *   routing     its recipients become jobs
 *     |
 *   attempting  until the last job has ended
 *     |
 *   settling <--- reporting   while a report is made
 *     |      <--- stuck       until the pause after a step that failed is over
 *     |
 *   gone        done, deferred, paused, or in queue/bad
 *
 * A message that the queue's service has handed over is no file.  One that is done at
 * once never becomes one; from all else in opened and settling it goes through
 *
 *   filing      until it is a file, unfiled.h, then where it came from
 *
 * and so it becomes one while it is attempting, when that takes long.
 *
 * What is still in line when others have too few places goes back to the backlog instead,
 * shedding.h.
 */

#define PAUSE_STUCK 10000 /* milliseconds before a failed step is tried again */

static enum message_state
route(struct scheduler *s, struct message *m)
{
	attempt_begin(s, m);
	if (!message_is_file(m))
		unfiled_watch(s, m);
	return m->jobs > 0 ? MESSAGE_ATTEMPTING : MESSAGE_SETTLING;
}

/* The file that is going to be removed. */
static void
hold(struct scheduler *s, const struct message *m)
{
	char path[PLACE_PATH_MAX];
	int fd;

	if (message_is_file(m)) {
		removed_hold(&s->removed, m->file.fd);
		return;
	}
	place_path(path, PLACE_NEW, m->id);
	fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (fd == -1)
		return;
	removed_hold(&s->removed, fd);
	close(fd);
}

static enum message_state
finish(struct scheduler *s, struct message *m)
{
	int64_t place = message_is_file(m) ? m->bucket : PLACE_NEW;
	int has_file = message_is_file(m) || m->has_twin;

	if (has_file)
		hold(s, m);
	if (message_remove(m) == -1) {
		/* should we end before it can be, the next one must know */
		message_write(m);
		return MESSAGE_STUCK;
	}
	if (has_file)
		removed_put(&s->removed, m->id, place);
	else
		supply_settle(&s->supply, m->id, s->now_ms);
	log_event(m->id, "done", (char *)NULL);
	return MESSAGE_GONE;
}

/* What is to be done with m after the attempt: -1 when it can't be. */
static int
leave(struct scheduler *s, struct message *m)
{
	size_t waiting = message_count(m, "Z");

	if (waiting == 0 && message_count(m, "D") > 0 && !m->unreported)
		return message_condemn(
		    m, &s->buckets.foreign, "a bounce of a bounce failed");
	if (m->paused > 0 && m->paused == waiting && !m->unreported)
		return keep_paused(s, m);
	return later_put(s, m);
}

static enum message_state
settle(struct scheduler *s, struct message *m)
{
	sender_spare(s, m);
	if (m->spill == MESSAGE_KEPT && message_count(m, "ZD") == 0 &&
	    !owed_any(&m->file, 0))
		return finish(s, m);
	if (!message_is_file(m))
		return MESSAGE_FILING;
	if (message_write(m) == -1)
		return MESSAGE_STUCK;
	if (sender_is_owed(s, m))
		return MESSAGE_REPORTING;
	if (leave(s, m) == -1)
		return MESSAGE_STUCK;
	removed_move(&s->removed);
	return MESSAGE_GONE;
}

/* Enter the state, and those that follow from it, until one has to wait for an event. */
static void
enter(struct scheduler *s, struct message *m, enum message_state state)
{
	for (;;) {
		if (m->state == MESSAGE_OPENED || m->state == MESSAGE_SETTLING)
			m->then = m->state;
		m->state = state;
		switch (state) {
		case MESSAGE_OPENED:
			state = opening_admit(s, m);
			break;
		case MESSAGE_ROUTING:
			state = route(s, m);
			break;
		case MESSAGE_SETTLING:
			state = settle(s, m);
			break;
		case MESSAGE_FILING:
			unfiled_file(s, m);
			return;
		case MESSAGE_OWING:
		case MESSAGE_REPORTING:
			report_want(&s->reports, m);
			return;
		case MESSAGE_STUCK:
			scheduler_wake(s, m, PAUSE_STUCK);
			return;
		case MESSAGE_GONE:
			s->active.unfiled -= !message_is_file(m);
			active_remove(&s->active, m);
			return;
		default:
			return;
		}
	}
}

int
life_begin(struct scheduler *s, int64_t bucket, const char *id, int flags)
{
	struct message *m;
	int r;

	if (opening_is_known(s, bucket, id))
		return 0;
	r = message_open(&m, &s->buckets.foreign, bucket, id, flags & LIFE_AGAIN);
	if (r != 1)
		return r;
	r = opening_waits(s, m, flags & LIFE_TAKEN);
	if (r != 0) {
		message_close(m);
		return r == -1 ? -1 : 0;
	}
	active_add(&s->active, m);
	enter(s, m, opening_begin(m));
	return 1;
}

int
life_begin_unfiled(struct scheduler *s, const char *id, int flags, int fd)
{
	struct message *m;
	int r = message_take(&m, id, flags & LIFE_AGAIN, fd);

	if (r != 1)
		return r;
	active_add(&s->active, m);
	++s->active.unfiled;
	enter(s, m, MESSAGE_OPENED);
	return 1;
}

/* What is known goes to the file while other jobs are still to come. */
static enum message_state
end_job(struct scheduler *s, struct message *m, const struct event *e)
{
	task_free(e->task);
	if (--m->jobs == 0)
		return MESSAGE_SETTLING;
	message_save(m, &s->supply);
	return MESSAGE_ATTEMPTING;
}

static enum message_state
end_report(struct scheduler *s, struct message *m, const struct event *e)
{
	m->unreported = !e->ok;
	if (e->ok)
		sender_told(s, m, e->id);
	else
		sender_not_told(s, m);
	return MESSAGE_SETTLING;
}

static enum message_state
end_first_report(struct scheduler *s, struct message *m, const struct event *e)
{
	end_report(s, m, e);
	return message_write(m) == 0 ? MESSAGE_ROUTING : MESSAGE_SETTLING;
}

static enum message_state
try_again(struct scheduler *s, struct message *m, const struct event *e)
{
	(void)s, (void)e;
	m->wake = 0;
	return m->then;
}

static const struct {
	enum message_state state;
	enum event_kind event;
	enum message_state (*act)(
	    struct scheduler *s, struct message *m, const struct event *e);
} transitions[] = {
    {MESSAGE_OWING, EVENT_REPORTED, end_first_report},
    {MESSAGE_ATTEMPTING, EVENT_JOB_ENDED, end_job},
    {MESSAGE_ATTEMPTING, EVENT_WOKEN, unfiled_slow},
    {MESSAGE_ATTEMPTING, EVENT_WRITTEN, unfiled_written},
    {MESSAGE_ATTEMPTING, EVENT_FILED, unfiled_end},
    {MESSAGE_FILING, EVENT_WRITTEN, unfiled_written},
    {MESSAGE_FILING, EVENT_FILED, unfiled_end},
    {MESSAGE_REPORTING, EVENT_REPORTED, end_report},
    {MESSAGE_STUCK, EVENT_WOKEN, try_again},
};

void
life_go_on(struct scheduler *s)
{
	struct event e;

	while (event_take(&s->events, &e))
		for (size_t i = 0; i < sizeof transitions / sizeof *transitions; ++i)
			if (transitions[i].state == e.message->state &&
			    transitions[i].event == e.kind) {
				enter(s, e.message, transitions[i].act(s, e.message, &e));
				break;
			}
}

void
life_wake(struct scheduler *s)
{
	struct event event = {.kind = EVENT_WOKEN};

	if (s->wake == 0 || s->wake > s->now_ms)
		return;
	s->wake = 0;
	while ((event.message = active_each(&s->active, event.message)) != NULL) {
		const struct message *m = event.message;

		if (m->wake == 0)
			continue;
		if (m->wake <= s->now_ms)
			event_put(&s->events, &event);
		else if (s->wake == 0 || m->wake < s->wake)
			s->wake = m->wake;
	}
}
