/* What the answers to a job mean for its message. */

#include <string.h>

#include "lib/log.h"
#include "lib/text.h"
#include "queue/journal.h"
#include "schedule/attempt.h"
#include "schedule/keep.h"

static struct task *
make_job(
    struct scheduler *s, struct message *m, struct destination *d, struct ring **jobs)
{
	struct submitter **user = &m->users[d->channel];
	struct task *job;

	if (*user == NULL)
		*user = submitter_enter(
		    &s->active.users, submitter_key(&m->file.envelope, d->channel));
	job = task_make(m, d, *user);
	ring_put(jobs, &job->ring);
	return job;
}

/* Find the job for the recipient; a new one is put into jobs. */
static void
add_to_job(struct scheduler *s, struct message *m, size_t recipient,
    enum route_channel channel, struct ring **jobs)
{
	struct destination *d = destination_get(
	    &s->destinations, channel, s->route.domain.s, scheduler_way(s, m, channel));

	if (m->file.recipients[recipient].apart) {
		struct task *job = make_job(s, m, d, jobs);

		job->is_apart = 1;
		task_add(job, recipient);
		return;
	}
	if (d->filling == NULL || d->filling->count == s->channels[channel].group)
		d->filling = make_job(s, m, d, jobs);
	task_add(d->filling, recipient);
}

static int
is_wanted_now(const struct task *job)
{
	for (size_t i = 0; i < job->count; ++i)
		if (job->message->file.recipients[job->which[i]].at_once)
			return 1;
	return 0;
}

/*
 * A destination that is down is not asked by each message anew, unless the admin does.
 * Returns 1 when the job waits in line.
 */
static int
put_in_line(struct scheduler *s, struct task *job)
{
	struct destination *d = job->destination;
	stralloc text = {0};

	if (keep_pauses(s, d)) {
		keep_pass_over(s, job);
		return 0;
	}
	/* the buckets know seconds only: what was deferred till then may be early */
	if (d->down_until < s->now_ms + 1000 || is_wanted_now(job)) {
		destination_put(&s->destinations, job);
		return 1;
	}
	text_cat(&text, "not tried again yet: ", d->reason.s, (char *)NULL);
	text_terminate(&text);
	attempt_defer_down(s, job, text.s);
	stralloc_free(&text);
	return 0;
}

static void
answer_unrouted(struct scheduler *s, struct message *m, size_t recipient)
{
	struct outcome o = {0};

	outcome_set(&o, 'Z', "4.3.5", "our domains are not known", (char *)NULL);
	o.unasked = 1;
	attempt_answer(s, m, recipient, "none", &o);
	outcome_free(&o);
}

void
attempt_begin(struct scheduler *s, struct message *m)
{
	struct ring *jobs = NULL, *next;
	enum route_channel channel;

	for (size_t i = 0; i < m->file.envelope.count; ++i) {
		const char *address = m->file.envelope.recipients[i].address;

		if (!message_is_open(m, i))
			continue;
		if (route_find(&s->route, address, &channel))
			add_to_job(s, m, i, channel, &jobs);
		else
			answer_unrouted(s, m, i);
	}
	while ((next = ring_shift(&jobs)) != NULL) {
		struct task *job = RING_OF(next, struct task, ring);

		job->destination->filling = NULL;
		if (put_in_line(s, job))
			++m->jobs;
		else
			task_free(job);
	}
}

static void
log_delivery(
    const struct message *m, size_t recipient, const char *via, const struct outcome *o)
{
	char result[] = {o->letter, '\0'}, n[DECIMAL_MAX];

	log_event(m->id, "delivery", "n", text_decimal(n, recipient), "rcpt",
	    m->file.envelope.recipients[recipient].address, "result", result, "status",
	    o->status, "text", o->text.s, "via", via, (char *)NULL);
}

/* "given up after 7 days: " and what was said last */
static void
give_up(struct outcome *o, int64_t seconds, const char *text)
{
	static const struct {
		int64_t seconds;
		const char *name;
	} units[] = {
	    {86400, " days"}, {3600, " hours"}, {60, " minutes"}, {0, " seconds"}};
	char n[DECIMAL_MAX];
	size_t i = 0;

	while (seconds < 2 * units[i].seconds)
		++i;
	if (units[i].seconds)
		seconds /= units[i].seconds;
	outcome_set(o, 'D', JOURNAL_EXPIRED, "given up after ", text_decimal(n, seconds),
	    units[i].name, ": ", text, (char *)NULL);
}

/*
 * The queue's lifetime counts from the first attempt: a message gets at least one.  For
 * trouble of our own programs the sender is not to blame, and gets no bounce, however
 * long it lasts.
 */
static void
expire(struct scheduler *s, struct message *m, size_t recipient, const char *via,
    const struct outcome *last)
{
	int64_t age = scheduler_age(s, m);
	struct outcome o = {0};

	if (outcome_whose(last) == OUTCOME_OURS || age < s->settings.lifetime)
		return;
	give_up(&o, age, last->text.s);
	attempt_answer(s, m, recipient, via, &o);
	outcome_free(&o);
}

void
attempt_answer(struct scheduler *s, struct message *m, size_t recipient, const char *via,
    const struct outcome *o)
{
	struct file_recipient *r = &m->file.recipients[recipient];

	log_delivery(m, recipient, via, o);
	/* where the journal is long one more failure is only told in the log */
	if (o->letter != 'Z' || r->state != 'Z' || file_has_room(&m->file))
		journal_put_outcome(&m->lines, s->now, recipient, o);
	r->state = o->letter;
	r->success = o->letter == 'K' ? o->parts.success : '\0';
	r->at_once = 0;
	if (!o->unasked && o->letter == 'Z')
		m->put_off = 1;
	if (m->file.first_try == 0)
		m->file.first_try = s->now;
	if (journal_is_try(o->letter, o->status, strlen(o->status)) &&
	    ++r->tries > m->file.tries)
		m->file.tries = r->tries;
	if (o->letter == 'Z')
		expire(s, m, recipient, via, o);
	if (o->letter == 'K')
		m->unsynced = 1;
}

void
attempt_defer(struct scheduler *s, struct task *job, size_t from, const char *status,
    const char *text, int ours)
{
	const char *via = s->channels[job->destination->channel].name;
	struct outcome o = {0};

	outcome_set(&o, 'Z', status, text, (char *)NULL);
	o.unasked = (char)ours;
	for (size_t i = from; i < job->count; ++i)
		attempt_answer(s, job->message, job->which[i], via, &o);
	outcome_free(&o);
}

void
attempt_defer_down(struct scheduler *s, struct task *job, const char *text)
{
	job->message->not_before = job->destination->down_until;
	attempt_defer(s, job, 0, "4.4.1", text, 0);
}
