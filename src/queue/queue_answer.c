#include <string.h>

#include "lib/log.h"
#include "lib/notify.h"
#include "lib/text.h"
#include "queue/queue_journal.h"
#include "queue/queue_message.h"
#include "queue/queue_scheduler.h"

static void
log_delivery(const struct queue_message *m, size_t recipient, const char *via,
    char letter, const char *status, const char *text)
{
	char result[] = {letter, '\0'}, n[DECIMAL_MAX];

	log_event(m->id, "delivery", "n", text_decimal(n, recipient), "rcpt",
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
	int64_t age = queue_scheduler_age(s, m);
	stralloc sa = {0};

	if (age < s->settings.lifetime)
		return;
	put_given_up(&sa, age, text);
	queue_message_answer(s, m, recipient, via, 'D', QUEUE_EXPIRED, sa.s, 0);
	stralloc_free(&sa);
}

/*
 * The mail system's trouble (RFC 3463, 3.4) that no server told of is that of our own
 * programs: the sender is not to blame for it, and gets no bounce, however long it lasts.
 */
static int
is_our_trouble(const char *status, const char *text)
{
	return strncmp(status, "4.3.", 4) == 0 && !strstr(text, " said: ");
}

void
queue_message_answer(struct queue_scheduler *s, struct queue_message *m, size_t recipient,
    const char *via, char letter, const char *status, const char *text, int ours)
{
	struct queue_recipient *r = &m->file.recipients[recipient];

	log_delivery(m, recipient, via, letter, status, text);
	queue_entry_put(&m->lines, s->now, letter, recipient, status, text);
	r->state = letter;
	r->success = letter == 'K' ? notify_success(text, strlen(text)) : '\0';
	r->at_once = 0;
	if (!ours && letter == 'Z')
		m->put_off = 1;
	if (m->file.first_try == 0)
		m->file.first_try = s->now;
	if (queue_entry_is_try(letter, status, strlen(status)) &&
	    ++r->tries > m->file.tries)
		m->file.tries = r->tries;
	if (letter == 'Z' && !ours && !is_our_trouble(status, text))
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
