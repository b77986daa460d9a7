#include <errno.h>
#include <sys/stat.h>

#include <errmsg.h>

#include "lib/log.h"
#include "queue/owed.h"
#include "queue/place.h"
#include "schedule/keep.h"

static int
is_any_paused(const struct scheduler *s)
{
	const struct paused *p = &s->settings.paused;

	return p->domains.len > 0 || p->channels[ROUTE_LOCAL] ||
	       p->channels[ROUTE_REMOTE];
}

/* Is that so of each recipient who waits, and is there one? */
static int
is_all_paused(struct scheduler *s, const struct message *m)
{
	enum route_channel channel;
	int waiting = 0;

	for (size_t i = 0; i < m->file.envelope.count; ++i) {
		if (!message_is_open(m, i))
			continue;
		if (!route_find(
			&s->route, m->file.envelope.recipients[i].address, &channel) ||
		    !paused_has(&s->settings.paused, channel, s->route.domain.s))
			return 0;
		waiting = 1;
	}
	return waiting;
}

/* Returns 1; 0 when it has gone, -1 after a warning. */
static int
keep(struct message *m, int64_t place)
{
	char path[PLACE_PATH_MAX];
	int r = message_move(m, place);

	/* a home of an earlier version has no such folder */
	if (r == -1 && errno == ENOENT) {
		place_folder_path(path, place);
		if (mkdir(path, 0700) == 0)
			r = message_move(m, place);
	}
	if (r == 0 || errno == ENOENT)
		return r == 0;
	carpsys("unable to keep back message ", m->id);
	return -1;
}

static int
hold(struct message *m, const char *rule)
{
	int r = keep(m, PLACE_HOLD);

	if (r == 1)
		log_event(m->id, "held", "rule", rule, (char *)NULL);
	return r == -1 ? -1 : 1;
}

int
keep_paused(struct scheduler *s, struct message *m)
{
	if (m->bucket != PLACE_PAUSED) {
		int r = keep(m, PLACE_PAUSED);

		if (r == -1)
			return -1;
		if (r == 1)
			log_event(m->id, "paused", (char *)NULL);
	}
	/* resumed after it was passed over, the folder may have been read already */
	if (m->paused > 0 && m->resumes != s->resumes)
		s->paused_wanted = 1;
	return 0;
}

static const char *
find_rule(const struct scheduler *s, const struct message *m)
{
	const char *rule;

	if (m->file.first_try != 0 || m->file.released)
		return NULL;
	rule = hold_rule(&s->settings.hold, &m->file, m->id);
	/* or it came with the wish of a filter: sink(5) */
	return rule != NULL ? rule : envelope_parameter(&m->file.envelope, "HOLD");
}

static int
is_to_pause(struct scheduler *s, const struct message *m)
{
	return is_any_paused(s) && !owed_any(&m->file, 0) && is_all_paused(s, m);
}

int
keep_wants(struct scheduler *s, const struct message *m)
{
	return find_rule(s, m) != NULL || is_to_pause(s, m);
}

int
keep_back(struct scheduler *s, struct message *m)
{
	const char *rule = find_rule(s, m);

	if (rule != NULL)
		return hold(m, rule);
	if (!is_to_pause(s, m))
		return 0;
	return keep_paused(s, m) == -1 ? -1 : 1;
}

int
keep_pauses(const struct scheduler *s, const struct destination *d)
{
	return paused_has(&s->settings.paused, d->channel, d->domain);
}

void
keep_pass_over(struct scheduler *s, const struct task *job)
{
	if (job->message->paused == 0)
		job->message->resumes = s->resumes;
	job->message->paused += job->count;
}

void
keep_clear_lines(struct scheduler *s)
{
	struct destination *d = NULL;
	struct task *job;

	if (!is_any_paused(s))
		return;
	while ((d = destination_each(&s->destinations, d)) != NULL)
		while (keep_pauses(s, d) &&
		       (job = destination_shift(&s->destinations, d)) != NULL) {
			keep_pass_over(s, job);
			event_job_ended(&s->events, job);
		}
}
