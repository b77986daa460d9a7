#include "queue/queue_message.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <errmsg.h>

#include "lib/log.h"
#include "lib/text.h"
#include "lib/verdict.h"
#include "queue/queue_journal.h"
#include "queue/queue_place.h"
#include "queue/queue_scheduler.h"

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
open_file(struct queue_message *m, int again)
{
	char path[QUEUE_PATH_MAX];
	const char *why;
	int r;

	queue_path(path, m->bucket, m->id);
	r = queue_file_open(&m->file, path, again, &why);
	if (r == 0)
		queue_condemn(m->id, m->bucket, why);
	if (r != -1 || errno == ENOENT)
		return r == 1;
	carpsys("unable to read ", path);
	return -1;
}

static int
is_open(const struct queue_recipient *r)
{
	return r->state == 0 || r->state == 'Z';
}

/* Find the job for the recipient; a new one is put at *end. */
static void
add_to_job(struct queue_scheduler *s, struct queue_message *m, size_t recipient,
    enum queue_channel_name channel, struct queue_job ***end)
{
	struct queue_destination *d =
	    queue_destination_get(&s->destinations, channel, s->route.domain.s);

	if (!d->filling || d->filling->count == s->channels[channel].group) {
		d->filling = queue_job_make(m, d);
		++m->jobs;
		**end = d->filling;
		*end = &d->filling->next;
	}
	queue_job_add(d->filling, recipient);
}

/* A destination that is down is not asked by each message anew. */
static void
put_in_line(struct queue_scheduler *s, struct queue_job *job)
{
	struct queue_destination *d = job->destination;
	stralloc text = {0};

	if (d->down_until <= s->now) {
		queue_destination_put(&s->destinations, job, s->now_ms);
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

static void
route(struct queue_scheduler *s, struct queue_message *m)
{
	struct queue_job *first = NULL, **end = &first, *next;
	enum queue_channel_name channel;

	for (size_t i = 0; i < m->file.envelope.count; ++i) {
		const char *address = m->file.envelope.recipients[i].address;

		if (!is_open(&m->file.recipients[i]))
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

int
queue_message_start(struct queue_scheduler *s, int64_t bucket, const char *id, int again)
{
	struct queue_message *m;
	int r;

	if (queue_active_find(&s->active, id))
		return 0;
	m = calloc(1, sizeof *m);
	if (!m)
		die(DEFER, "out of memory");
	memcpy(m->id, id, sizeof m->id);
	m->bucket = bucket;
	r = open_file(m, again);
	if (r != 1) {
		free(m);
		return r;
	}
	queue_active_add(&s->active, m);
	log_start(m);
	route(s, m);
	return 1;
}

static void
log_delivery(const struct queue_message *m, size_t recipient, const char *via,
    char letter, const char *status, const char *text)
{
	char result[] = {letter, '\0'};

	log_event(m->id, "delivery", "rcpt",
	    m->file.envelope.recipients[recipient].address, "result", result, "status",
	    status, "text", text, "via", via, (char *)0);
}

/* "given up after 7 days: " and what was said last */
static void
put_given_up(stralloc *sa, int64_t seconds, const char *text)
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
	text_cat(sa, "given up after ", text_decimal(n, seconds), units[i].name, ": ",
	    text, (char *)0);
	text_terminate(sa);
}

/* The queue's lifetime counts from the first attempt: a message gets at least one. */
static void
expire(struct queue_scheduler *s, struct queue_message *m, size_t recipient,
    const char *via, const char *text)
{
	stralloc sa = {0};

	if (s->now - m->file.first_try < s->settings.lifetime)
		return;
	put_given_up(&sa, s->now - m->file.first_try, text);
	queue_message_answer(s, m, recipient, via, 'D', QUEUE_EXPIRED, sa.s, 0);
	stralloc_free(&sa);
}

void
queue_message_answer(struct queue_scheduler *s, struct queue_message *m, size_t recipient,
    const char *via, char letter, const char *status, const char *text, int ours)
{
	struct queue_recipient *r = &m->file.recipients[recipient];

	log_delivery(m, recipient, via, letter, status, text);
	queue_entry_put(&m->lines, s->now, letter, recipient, status, text);
	r->state = letter;
	if (!ours && letter == 'Z')
		m->put_off = 1;
	if (m->file.first_try == 0)
		m->file.first_try = s->now;
	if (queue_entry_is_try(letter, status, strlen(status)) &&
	    ++r->tries > m->file.tries)
		m->file.tries = r->tries;
	if (letter == 'Z')
		expire(s, m, recipient, via, text);
	if (letter == 'K')
		m->unsynced = 1;
}

void
queue_message_defer_job(struct queue_scheduler *s, struct queue_job *job, size_t from,
    const char *status, const char *text, int ours)
{
	const char *via = s->channels[job->destination->channel].name;

	for (size_t i = from; i < job->count; ++i)
		queue_message_answer(
		    s, job->message, job->which[i], via, 'Z', status, text, ours);
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
	if (queue_journal_append(path, m->file.torn, m->lines.s, m->lines.len, 0) == -1)
		return; /* settling tries again, and complains */
	m->file.torn = 0;
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
