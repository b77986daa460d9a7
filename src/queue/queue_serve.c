#include <errno.h>

#include <errmsg.h>

#include "queue/queue_message.h"
#include "queue/queue_scheduler.h"

#define IDLE_LOCAL 300000 /* milliseconds that an idle connection is kept */
#define IDLE_REMOTE 30000

static void
take_answer(void *context, struct queue_job *job, size_t recipient, char letter,
    const char *status, const char *text)
{
	struct queue_scheduler *s = context;
	const char *via = s->channels[job->destination->channel].name;
	const struct queue_message *m = job->message;
	int64_t interval = queue_settings_interval(
	    &s->settings, m->file.recipients[recipient].tries + 1);

	queue_destination_judge(job, interval, letter, status, text);
	queue_pace_learn(
	    &job->destination->pace, &s->settings.rates, text, s->now_ms * 1000);
	queue_message_answer(s, job->message, recipient, via, letter, status, text, 0);
}

/* What waits for a destination that has just failed need not fail one by one. */
static void
defer_line(struct queue_scheduler *s, struct queue_destination *d)
{
	struct queue_job *job;

	while (d->down_until > s->now_ms &&
	       (job = queue_destination_shift(&s->destinations, d))) {
		job->message->not_before = d->down_until;
		queue_message_defer_job(s, job, 0, "4.4.1", d->reason.s, 0);
		queue_message_end_job(s, job);
	}
}

static void
end_job(struct queue_scheduler *s, struct queue_channel *c, struct queue_worker *w,
    const char *problem)
{
	struct queue_job *job = w->job;
	struct queue_destination *d = job->destination;

	if (w->answered < job->count)
		queue_message_defer_job(s, job, w->answered, "4.3.0", problem, 1);
	queue_destination_conclude(job, s->now_ms, c->most);
	w->job = NULL;
	--c->busy;
	--d->running;
	queue_message_end_job(s, job);
	defer_line(s, d);
	queue_worker_rest(w, d->domain,
	    s->now_ms + (d->channel == QUEUE_LOCAL ? IDLE_LOCAL : IDLE_REMOTE));
	queue_destination_release(&s->destinations, d, s->now_ms);
}

static void
lose(struct queue_scheduler *s, struct queue_channel *c, struct queue_worker *w,
    const char *problem)
{
	if (w->job) {
		carp(c->path, ": ", problem);
		end_job(s, c, w, problem);
	}
	queue_channel_drop(c, w);
}

static void
serve(struct queue_scheduler *s, struct queue_channel *c, struct queue_worker *w)
{
	switch (queue_worker_continue(w, take_answer, s)) {
	case QUEUE_WORKER_DONE:
		end_job(s, c, w, "");
		break;
	case QUEUE_WORKER_LOST:
		lose(s, c, w,
		    errno == EPROTO ? "the delivery program's answer is malformed"
				    : "the connection to the delivery program was lost");
		break;
	default:
		if (w->until <= s->now_ms)
			lose(s, c, w, "the delivery program takes too long");
	}
}

/* Backwards, for a worker that is dropped is replaced by the last one. */
void
queue_channels_serve(struct queue_scheduler *s, const struct pollfd *p)
{
	size_t count[QUEUE_CHANNELS];

	for (int k = 0; k < QUEUE_CHANNELS; ++k)
		count[k] = s->channels[k].count;
	for (int k = 0; k < QUEUE_CHANNELS; p += count[k++])
		for (size_t i = count[k]; i-- > 0;) {
			struct queue_worker *w = s->channels[k].workers[i];

			if (p[i].revents || w->until <= s->now_ms)
				serve(s, &s->channels[k], w);
		}
}
