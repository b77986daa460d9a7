#include <errno.h>

#include <errmsg.h>

#include "schedule/attempt.h"
#include "schedule/dispatch.h"
#include "turns/judge.h"

void
dispatch_init(struct scheduler *s)
{
	for (int k = 0; k < ROUTE_CHANNELS; ++k)
		channel_init(&s->channels[k], k);
	dispatch_limit(s);
}

void
dispatch_limit(struct scheduler *s)
{
	struct channel *local = &s->channels[ROUTE_LOCAL];
	struct channel *remote = &s->channels[ROUTE_REMOTE];

	local->limit = s->settings.local;
	local->most = local->limit * local->depth;
	remote->limit = s->settings.remote;
	remote->group = s->settings.group;
	remote->most = s->settings.destination > 0 ? s->settings.destination : 1;
}

/* Sessions that serve a destination well go on with what waits for it. */
static void
go_on(struct scheduler *s, struct channel *c)
{
	struct destination *d;
	struct worker *w;
	struct task *job;

	for (size_t i = c->count; i-- > 0;) {
		w = c->workers[i];
		if (!channel_may_go_on(c, w, s->now_ms))
			continue;
		d = destination_find(&s->destinations, w->last);
		if (d == NULL || d->failures > 0 || d->troubles > 0)
			continue;
		job = destination_more(
		    &s->destinations, d, c->most, &s->settings.rates, s->now_ms);
		if (job != NULL && !channel_go_on(c, w, job, s->now_ms))
			destination_return(&s->destinations, job);
	}
}

static void
begin(struct scheduler *s, struct channel *c)
{
	c->paced = INT64_MAX;
	go_on(s, c);
	while (channel_has_room(c, s->now_ms)) {
		struct task *job = destination_next(&s->destinations, c->channel, c->most,
		    &s->settings.rates, s->now_ms, &c->paced);

		if (job == NULL)
			return;
		if (!channel_begin(c, job, s->now_ms)) {
			destination_return(&s->destinations, job);
			return;
		}
	}
}

void
dispatch_begin(struct scheduler *s)
{
	if (s->stopping)
		return;
	for (int k = 0; k < ROUTE_CHANNELS; ++k)
		begin(s, &s->channels[k]);
}

size_t
dispatch_poll(struct scheduler *s, struct pollfd *p)
{
	size_t n = 0;

	for (int k = 0; k < ROUTE_CHANNELS; ++k)
		for (size_t i = 0; i < s->channels[k].count; ++i) {
			struct worker *w = s->channels[k].workers[i];

			p[n++] = (struct pollfd){w->fd, worker_events(w), 0};
		}
	return n;
}

static void
take_answer(void *context, struct task *job, size_t recipient, const struct outcome *o)
{
	struct scheduler *s = context;
	const char *via = s->channels[job->destination->channel].name;
	const struct message *m = job->message;
	int64_t interval =
	    settings_interval(&s->settings, m->file.recipients[recipient].tries + 1);

	judge_answer(job, interval, o);
	pace_learn(&job->destination->pace, &s->settings.rates, o, s->now_ms * 1000);
	attempt_answer(s, job->message, recipient, via, o);
}

/* What waits for a destination that has just failed need not fail one by one. */
static void
defer_line(struct scheduler *s, struct destination *d)
{
	struct task *job;

	while (d->down_until > s->now_ms &&
	       (job = destination_shift(&s->destinations, d)) != NULL) {
		attempt_defer_down(s, job, d->reason.s);
		event_job_ended(&s->events, job);
	}
}

static void
end_job(struct scheduler *s, struct channel *c, struct worker *w, const char *problem)
{
	struct task *job = worker_job(w);
	struct destination *d = job->destination;

	if (w->answered < job->count)
		attempt_defer(s, job, w->answered, "4.3.0", problem, 1);
	judge_conclude(job, s->now_ms, c->most);
	channel_end(c, w, s->now_ms);
	--d->running;
	event_job_ended(&s->events, job);
	defer_line(s, d);
	destination_release(&s->destinations, d, s->now_ms);
}

/*
 * What it has heard nothing of goes to another one.  Of several others nobody knows whose
 * fault it was: each goes once more, alone, so that none is put off by another's.
 */
static void
lose(struct scheduler *s, struct channel *c, struct worker *w, const char *problem)
{
	struct task *job;

	if (worker_job(w) != NULL)
		carp(c->path, ": ", problem);
	while ((job = channel_take_back(c, w, 0)) != NULL)
		destination_return(&s->destinations, job);
	if (w->count == 1)
		end_job(s, c, w, problem);
	while ((job = channel_take_back(c, w, 1)) != NULL) {
		if (w->count == 0)
			task_drop(job, w->answered);
		message_doubt(job->message);
		job->is_alone = 1;
		destination_return(&s->destinations, job);
	}
	channel_drop(c, w);
}

static void
serve(struct scheduler *s, struct channel *c, struct worker *w)
{
	int r;

	while ((r = worker_continue(w, take_answer, s)) == WORKER_DONE)
		end_job(s, c, w, "");
	switch (r) {
	case WORKER_LOST:
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
dispatch_serve(struct scheduler *s, const struct pollfd *p)
{
	size_t count[ROUTE_CHANNELS];

	for (int k = 0; k < ROUTE_CHANNELS; ++k)
		count[k] = s->channels[k].count;
	for (int k = 0; k < ROUTE_CHANNELS; p += count[k++])
		for (size_t i = count[k]; i-- > 0;) {
			struct worker *w = s->channels[k].workers[i];

			if (p[i].revents || w->until <= s->now_ms)
				serve(s, &s->channels[k], w);
		}
}

int64_t
dispatch_until(const struct scheduler *s)
{
	int64_t until = INT64_MAX;

	for (int k = 0; k < ROUTE_CHANNELS; ++k) {
		const struct channel *c = &s->channels[k];
		int64_t idle = channel_until(c), more = channel_more_at(c, s->now_ms);
		int waits = s->destinations.lines[k].lines.count > 0;

		if (idle < until)
			until = idle;
		if (waits && c->retry > s->now_ms && c->retry < until)
			until = c->retry;
		if (waits && more < until)
			until = more;
		if (c->paced < until)
			until = c->paced;
	}
	return until;
}

size_t
dispatch_busy(const struct scheduler *s)
{
	return s->channels[ROUTE_LOCAL].busy + s->channels[ROUTE_REMOTE].busy;
}
