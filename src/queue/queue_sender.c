#include "queue/queue_sender.h"

#include <string.h>

#include "lib/log.h"
#include "lib/text.h"
#include "queue/queue_journal.h"
#include "queue/queue_owed.h"
#include "queue/queue_scheduler.h"

static void
put_reported(
    struct queue_scheduler *s, struct queue_message *m, size_t i, const char *how)
{
	struct queue_recipient *r = &m->file.recipients[i];

	queue_entry_put(&m->lines, s->now, r->state == 'Z' ? 'W' : 'B', i, "-", how);
	if (r->state == 'Z')
		r->warned = 1;
	else if (r->state == 'K')
		r->success = '\0';
	else
		r->state = 'B';
}

void
queue_sender_spare(struct queue_scheduler *s, struct queue_message *m)
{
	const struct envelope *e = &m->file.envelope;
	char n[DECIMAL_MAX];

	if (strcmp(e->sender, QUEUE_DOUBLE_BOUNCE) == 0)
		return;
	for (size_t i = 0; i < e->count; ++i) {
		if (m->file.recipients[i].state != 'D' || queue_owed(&m->file, i, 0))
			continue;
		put_reported(s, m, i, "no report was wanted");
		log_event(m->id, "unreported", "n", text_decimal(n, i), "rcpt",
		    e->recipients[i].address, "notify",
		    envelope_recipient_parameter(e, i, "NOTIFY"), (char *)0);
	}
}

static int
begin(struct queue_scheduler *s, struct queue_message *m, int delays)
{
	m->delays = delays;
	m->unreported = queue_report_begin(s, m) == -1;
	return !m->unreported;
}

int64_t
queue_sender_until_warning(const struct queue_scheduler *s, const struct queue_message *m)
{
	if (s->settings.delay_warning == 0 || m->file.first_try == 0 ||
	    !queue_owed_any(&m->file, 1))
		return INT64_MAX;
	return s->settings.delay_warning - queue_scheduler_age(s, m);
}

int
queue_sender_tell(struct queue_scheduler *s, struct queue_message *m)
{
	if (m->unreported)
		return 0;
	if (queue_owed_any(&m->file, 0))
		return begin(s, m, 0);
	if (queue_sender_until_warning(s, m) <= 0)
		return begin(s, m, 1);
	return 0;
}

int
queue_sender_tell_first(struct queue_scheduler *s, struct queue_message *m)
{
	if (!m->file.has_journal || !queue_owed_any(&m->file, 0))
		return 0;
	m->before_attempt = begin(s, m, 0);
	return m->before_attempt;
}

static const struct {
	const char *event, *actions;
} events[] = {
    {"bounced", "failed"},
    {"warned", "delayed"},
    {"confirmed", "delivered relayed expanded"},
};

static void
log_reported(const struct queue_message *m, const char *report_id)
{
	char rcpts[DECIMAL_MAX];

	for (size_t k = 0; k < sizeof events / sizeof *events; ++k) {
		size_t n = 0;

		for (size_t i = 0; i < m->file.envelope.count; ++i) {
			const char *action = queue_owed(&m->file, i, m->delays);

			n += action && strstr(events[k].actions, action);
		}
		if (n > 0)
			log_event(m->id, events[k].event, "bounce", report_id, "rcpts",
			    text_decimal(rcpts, n), (char *)0);
	}
}

/* B and W need a sync only while other recipients keep the file alive. */
void
queue_message_reported(
    struct queue_scheduler *s, struct queue_message *m, const char *report_id, int ok)
{
	int before_attempt = m->before_attempt;

	m->before_attempt = 0;
	m->unreported = !ok;
	if (ok) {
		log_reported(m, report_id);
		for (size_t i = 0; i < m->file.envelope.count; ++i)
			if (queue_owed(&m->file, i, m->delays))
				put_reported(s, m, i, report_id);
		m->unsynced = 1;
	}
	if (before_attempt && queue_message_write(m) == 0)
		queue_message_route(s, m);
	else
		queue_message_settle(s, m);
}
