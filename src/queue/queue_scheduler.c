#include "queue/queue_scheduler.h"

#include <time.h>

#include "lib/deadline.h"
#include "queue/queue_keep.h"

static int64_t
milliseconds(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void
queue_scheduler_tick(struct queue_scheduler *s)
{
	int64_t wall = milliseconds(CLOCK_REALTIME), by;

	s->now = wall / 1000;
	s->now_ms = deadline_now();
	/* this one goes on while the machine sleeps */
	by = queue_clock_look(&s->clock, wall, milliseconds(CLOCK_BOOTTIME));
	if (by != 0)
		queue_buckets_shift(&s->buckets, by);
}

/*
 * A gap between two attempts that is longer than the schedule lets it be is the machine's
 * fault, or its clock's.  What was begun in the future was begun by a clock that was
 * wrong: then the schedule tells how long as many attempts take.
 */
int64_t
queue_scheduler_age(const struct queue_scheduler *s, const struct queue_message *m)
{
	int64_t age;

	if (m->file.first_try == 0)
		return 0;
	age = queue_clock_age(&s->clock, m->file.first_try, s->now);
	if (age >= 0)
		return age - queue_age_excess(&m->file.age, &s->clock, m->file.first_try,
				 s->now,
				 queue_settings_longest(&s->settings) + QUEUE_AGE_GAP);
	age = 0;
	for (unsigned i = 1; i < m->file.tries; ++i)
		age += queue_settings_interval(&s->settings, i);
	return age;
}

void
queue_scheduler_wake(struct queue_scheduler *s)
{
	struct queue_message *m, *chain;

	if (s->wake == 0 || s->wake > s->now_ms)
		return;
	s->wake = 0;
	for (size_t i = 0; i < QUEUE_ACTIVE_SLOTS; ++i)
		for (m = s->active.slots[i]; m; m = chain) {
			chain = m->chain;
			if (m->wake == 0)
				continue;
			if (m->wake <= s->now_ms)
				queue_message_settle(s, m);
			else if (s->wake == 0 || m->wake < s->wake)
				s->wake = m->wake;
		}
}

void
queue_scheduler_reread(struct queue_scheduler *s)
{
	struct queue_paused before = s->settings.paused;

	/* what it held is compared with what comes, and freed then */
	s->settings.paused.domains = (stralloc){0};
	if (queue_settings_read(&s->settings) == -1) {
		s->settings.paused = before;
		return;
	}
	queue_channels_limit(s);
	queue_keep_clear_lines(s);
	if (queue_paused_exceeds(&before, &s->settings.paused)) {
		++s->resumes;
		s->paused_wanted = 1;
		queue_passed_hurry(&s->passed);
	}
	stralloc_free(&before.domains);
}

void
queue_scheduler_hurry(struct queue_scheduler *s)
{
	queue_buckets_hurry(&s->buckets);
	queue_destination_forgive(&s->destinations);
	for (size_t i = 0; i < QUEUE_ACTIVE_SLOTS; ++i)
		for (struct queue_message *m = s->active.slots[i]; m; m = m->chain)
			if (m->wake)
				m->wake = s->wake = s->now_ms;
	for (int i = 0; i < QUEUE_CHANNELS; ++i)
		s->channels[i].retry = 0;
}
