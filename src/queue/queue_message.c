#include "queue/queue_message.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <errmsg.h>

#include "lib/log.h"
#include "lib/text.h"
#include "lib/verdict.h"
#include "queue/queue_journal.h"
#include "queue/queue_keep.h"
#include "queue/queue_place.h"
#include "queue/queue_room.h"
#include "queue/queue_scheduler.h"
#include "queue/queue_sender.h"

static void
log_start(const struct queue_message *m)
{
	char size[DECIMAL_MAX], count[DECIMAL_MAX], tries[DECIMAL_MAX];

	log_event(m->id, "start", "from", m->file.envelope.sender, "rcpts",
	    text_decimal(count, m->file.envelope.count), "bytes",
	    text_decimal(size, m->file.header.message), "tries",
	    text_decimal(tries, m->file.tries), (char *)0);
}

/* As queue_message_start, for the file. */
static int
open_file(struct queue_scheduler *s, struct queue_message *m)
{
	char path[QUEUE_PATH_MAX];
	const char *why;
	int r, saved;

	queue_path(path, m->bucket, m->id);
	r = queue_file_open(
	    &m->file, path, QUEUE_FILE_LOCK | (m->again ? QUEUE_FILE_AGAIN : 0), &why);
	if (r == 0)
		return queue_foreign_condemn(&s->buckets.foreign, m->id, m->bucket, why);
	if (r != -1 || errno == ENOENT)
		return r == 1;
	if (errno == EWOULDBLOCK)
		return QUEUE_MESSAGE_BUSY;
	saved = errno;
	carpsys("unable to read ", path);
	errno = saved;
	return -1;
}

int
queue_message_is_open(const struct queue_message *m, size_t i)
{
	char state = m->file.recipients[i].state;

	return state == 0 || state == 'Z';
}

/* Find the job for the recipient; a new one is put at *end. */
static void
add_to_job(struct queue_scheduler *s, struct queue_message *m, size_t recipient,
    enum queue_channel_name channel, struct queue_job ***end)
{
	struct queue_destination *d =
	    queue_destination_get(&s->destinations, channel, s->route.domain.s);

	if (!d->filling || d->filling->count == s->channels[channel].group) {
		if (!m->users[channel])
			m->users[channel] = queue_user_enter(
			    &s->active.users, queue_user_key(&m->file.envelope, channel));
		d->filling = queue_job_make(m, d, m->users[channel]);
		++m->jobs;
		**end = d->filling;
		*end = &d->filling->next;
	}
	queue_job_add(d->filling, recipient);
}

static int
is_wanted_now(const struct queue_job *job)
{
	for (size_t i = 0; i < job->count; ++i)
		if (job->message->file.recipients[job->which[i]].at_once)
			return 1;
	return 0;
}

/* A destination that is down is not asked by each message anew, unless the admin does. */
static void
put_in_line(struct queue_scheduler *s, struct queue_job *job)
{
	struct queue_destination *d = job->destination;
	stralloc text = {0};

	if (queue_keep_pauses(s, job)) {
		queue_keep_pass_over(s, job);
		--job->message->jobs;
		queue_job_free(job);
		return;
	}
	if (d->down_until <= s->now_ms || is_wanted_now(job)) {
		queue_destination_put(&s->destinations, job);
		return;
	}
	text_cat(&text, "not tried again yet: ", d->reason.s, (char *)0);
	text_terminate(&text);
	job->message->not_before = d->down_until;
	queue_message_defer_job(s, job, 0, "4.4.1", text.s, 0);
	stralloc_free(&text);
	--job->message->jobs;
	queue_job_free(job);
}

void
queue_message_route(struct queue_scheduler *s, struct queue_message *m)
{
	struct queue_job *first = NULL, **end = &first, *next;
	enum queue_channel_name channel;

	for (size_t i = 0; i < m->file.envelope.count; ++i) {
		const char *address = m->file.envelope.recipients[i].address;

		if (!queue_message_is_open(m, i))
			continue;
		if (queue_route_find(&s->route, address, &channel))
			add_to_job(s, m, i, channel, &end);
		else
			queue_message_answer(s, m, i, "none", 'Z', "4.3.5",
			    "our domains are not known", 1);
	}
	for (struct queue_job *job = first; job; job = job->next)
		job->destination->filling = NULL;
	for (; first; first = next) {
		next = first->next;
		put_in_line(s, first);
	}
	if (m->jobs == 0)
		queue_message_settle(s, m);
}

/* Returns 1 when it waits in the backlog, and m is not needed meanwhile. */
static int
has_to_wait(struct queue_scheduler *s, struct queue_message *m)
{
	struct queue_waiter w;

	if (queue_room_for(s, m, &w))
		return 0;
	queue_backlog_put(&s->backlog, &w, 0);
	return 1;
}

/* Returns 1 when the message is known; it may have been moved since. */
static int
is_known(struct queue_scheduler *s, int64_t bucket, const char *id)
{
	struct queue_waiter *w = queue_backlog_find(&s->backlog, id);

	if (w)
		w->bucket = bucket;
	return w || queue_active_find(&s->active, id);
}

int
queue_message_start(struct queue_scheduler *s, int64_t bucket, const char *id, int flags)
{
	struct queue_message *m;
	int r, saved;

	if (is_known(s, bucket, id))
		return 0;
	m = calloc(1, sizeof *m);
	if (!m)
		die(DEFER, "out of memory");
	memcpy(m->id, id, sizeof m->id);
	m->bucket = bucket;
	m->again = flags & QUEUE_START_AGAIN;
	r = open_file(s, m);
	if (r != 1) {
		saved = errno;
		free(m);
		errno = saved;
		return r;
	}
	r = queue_keep_back(s, m);
	if (r != 0 || (!(flags & QUEUE_START_TAKEN) && has_to_wait(s, m))) {
		queue_file_close(&m->file);
		free(m);
		return r == -1 ? -1 : 0;
	}
	queue_active_add(&s->active, m);
	log_start(m);
	if (!queue_sender_tell_first(s, m))
		queue_message_route(s, m);
	return 1;
}

/*
 * While other jobs are still to come what is known already goes to the file, so that we
 * may be killed without repeating a delivery.
 */
static void
save_lines(struct queue_message *m)
{
	char path[QUEUE_PATH_MAX];

	queue_path(path, m->bucket, m->id);
	/* when it fails, settling tries again, and complains */
	if (queue_journal_append(path, &m->file.torn, m->lines.s, m->lines.len, 0) == 0)
		m->lines.len = 0;
}

void
queue_message_end_job(struct queue_scheduler *s, struct queue_job *job)
{
	struct queue_message *m = job->message;

	queue_job_free(job);
	if (--m->jobs == 0)
		queue_message_settle(s, m);
	else if (m->lines.len > 0)
		save_lines(m);
}
