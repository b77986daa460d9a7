#include "queue/queue_scheduler.h"

#include <time.h>

#include "lib/deadline.h"

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
