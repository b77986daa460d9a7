#include "queue/queue_keep.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include <errmsg.h>

#include "lib/log.h"
#include "queue/queue_owed.h"
#include "queue/queue_place.h"
#include "queue/queue_scheduler.h"

static int
is_any_paused(const struct queue_scheduler *s)
{
	const struct queue_paused *p = &s->settings.paused;

	return p->domains.len > 0 || p->channels[QUEUE_LOCAL] ||
	       p->channels[QUEUE_REMOTE];
}

/* Is that so of each recipient who waits, and is there one? */
static int
is_all_paused(struct queue_scheduler *s, const struct queue_message *m)
{
	enum queue_channel_name channel;
	int waiting = 0;

	for (size_t i = 0; i < m->file.envelope.count; ++i) {
		if (m->file.recipients[i].state != 0 &&
		    m->file.recipients[i].state != 'Z')
			continue;
		if (!queue_route_find(
			&s->route, m->file.envelope.recipients[i].address, &channel) ||
		    !queue_paused_has(&s->settings.paused, channel, s->route.domain.s))
			return 0;
		waiting = 1;
	}
	return waiting;
}

/* Returns 1; 0 when it has gone, -1 after a warning. */
static int
keep(struct queue_message *m, int64_t place)
{
	char path[QUEUE_PATH_MAX];
	int r = queue_move(m->id, m->bucket, place);

	/* a home of an earlier version has no such folder */
	if (r == -1 && errno == ENOENT) {
		queue_folder_path(path, place);
		if (mkdir(path, 0700) == 0)
			r = queue_move(m->id, m->bucket, place);
	}
	if (r == 0 || errno == ENOENT)
		return r == 0;
	carpsys("unable to keep back message ", m->id);
	return -1;
}

static int
hold(struct queue_message *m, const char *rule)
{
	int r = keep(m, QUEUE_HOLD);

	if (r == 1)
		log_event(m->id, "held", "rule", rule, (char *)0);
	return r == -1 ? -1 : 1;
}

int
queue_keep_paused(struct queue_scheduler *s, struct queue_message *m)
{
	if (m->bucket != QUEUE_PAUSED) {
		int r = keep(m, QUEUE_PAUSED);

		if (r == -1)
			return -1;
		if (r == 1)
			log_event(m->id, "paused", (char *)0);
	}
	/* resumed after it was passed over, the folder may have been read already */
	if (m->paused > 0 && m->resumes != s->resumes)
		s->paused_wanted = 1;
	return 0;
}

int
queue_keep_back(struct queue_scheduler *s, struct queue_message *m)
{
	const char *rule = NULL;

	if (m->file.first_try == 0 && !m->file.released)
		rule = queue_hold_rule(&s->settings.hold, &m->file, m->id);
	if (rule)
		return hold(m, rule);
	if (!is_any_paused(s) || queue_owed_any(&m->file, 0) || !is_all_paused(s, m))
		return 0;
	return queue_keep_paused(s, m) == -1 ? -1 : 1;
}

int
queue_keep_pauses(const struct queue_scheduler *s, const struct queue_job *job)
{
	return queue_paused_has(
	    &s->settings.paused, job->destination->channel, job->destination->domain);
}

void
queue_keep_pass_over(struct queue_scheduler *s, const struct queue_job *job)
{
	if (job->message->paused == 0)
		job->message->resumes = s->resumes;
	job->message->paused += job->count;
}

/* The destination may go later: not while others of them are being looked at. */
static void
clear(struct queue_scheduler *s, struct queue_destination *d)
{
	struct queue_job *job;

	if (!queue_paused_has(&s->settings.paused, d->channel, d->domain))
		return;
	while ((job = queue_destination_shift(&s->destinations, d))) {
		queue_keep_pass_over(s, job);
		queue_message_end_job(s, job);
	}
}

void
queue_keep_clear_lines(struct queue_scheduler *s)
{
	if (!is_any_paused(s))
		return;
	for (size_t i = 0; i < QUEUE_DESTINATION_SLOTS; ++i)
		for (struct queue_destination *d = s->destinations.slots[i], *chain; d;
		     d = chain) {
			chain = d->chain;
			clear(s, d);
		}
}
