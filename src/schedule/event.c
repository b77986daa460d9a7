#include "schedule/event.h"
#include "lib/heap.h"
#include "turns/task.h"

void
event_put(struct event_list *events, const struct event *event)
{
	events->list = heap_grow(events->list, events->count, sizeof *events->list);
	events->list[events->count++] = *event;
}

void
event_job_ended(struct event_list *events, struct task *task)
{
	struct event event = {
	    .kind = EVENT_JOB_ENDED, .message = task->message, .task = task};

	event_put(events, &event);
}

int
event_take(struct event_list *events, struct event *event)
{
	if (events->taken == events->count) {
		events->taken = events->count = 0;
		return 0;
	}
	*event = events->list[events->taken++];
	return 1;
}
