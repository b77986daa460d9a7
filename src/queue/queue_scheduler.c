#include "queue/queue_scheduler.h"

#include <time.h>

#include "lib/deadline.h"
#include "queue/queue_keep.h"

void
queue_scheduler_tick(struct queue_scheduler *s)
{
	s->now = time(NULL);
	s->now_ms = deadline_now();
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
