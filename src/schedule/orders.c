#include "schedule/orders.h"
#include "schedule/dispatch.h"
#include "schedule/keep.h"

void
orders_reread(struct scheduler *s)
{
	struct paused before = s->settings.paused;

	/* what it held is compared with what comes, and freed then */
	s->settings.paused.domains = (stralloc){0};
	if (settings_read(&s->settings) == -1) {
		s->settings.paused = before;
		return;
	}
	dispatch_limit(s);
	keep_clear_lines(s);
	if (paused_exceeds(&before, &s->settings.paused)) {
		++s->resumes;
		s->paused_wanted = 1;
		recall_hurry(&s->passed);
	}
	stralloc_free(&before.domains);
}

void
orders_hurry(struct scheduler *s)
{
	struct message *m = NULL;

	buckets_hurry(&s->buckets);
	destination_forgive(&s->destinations);
	while ((m = active_each(&s->active, m)) != NULL)
		if (m->state == MESSAGE_STUCK)
			m->wake = s->wake = s->now_ms;
	for (int i = 0; i < ROUTE_CHANNELS; ++i)
		s->channels[i].retry = 0;
}
