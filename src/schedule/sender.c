#include <string.h>

#include "lib/log.h"
#include "lib/text.h"
#include "queue/journal.h"
#include "queue/owed.h"
#include "schedule/sender.h"

#define LOUD_AFTER 3600 /* seconds */

static void
put_reported(struct scheduler *s, struct message *m, size_t i, const char *how)
{
	struct file_recipient *r = &m->file.recipients[i];

	journal_put(&m->lines, s->now, r->state == 'Z' ? 'W' : 'B', i, "-", how);
	if (r->state == 'Z')
		r->warned = 1;
	else if (r->state == 'K')
		r->success = '\0';
	else
		r->state = 'B';
}

void
sender_spare(struct scheduler *s, struct message *m)
{
	const struct envelope *e = &m->file.envelope;
	char n[DECIMAL_MAX];

	if (strcmp(e->sender, ENVELOPE_DOUBLE_BOUNCE) == 0)
		return;
	for (size_t i = 0; i < e->count; ++i) {
		if (m->file.recipients[i].state != 'D' || owed(&m->file, i, 0) != NULL)
			continue;
		put_reported(s, m, i, "no report was wanted");
		log_event(m->id, "unreported", "n", text_decimal(n, i), "rcpt",
		    e->recipients[i].address, "notify",
		    envelope_recipient_parameter(e, i, "NOTIFY"), (char *)NULL);
	}
}

int64_t
sender_until_warning(const struct scheduler *s, const struct message *m)
{
	if (s->settings.delay_warning == 0 || m->file.first_try == 0 ||
	    !owed_any(&m->file, 1))
		return INT64_MAX;
	return s->settings.delay_warning - scheduler_age(s, m);
}

int
sender_is_owed(struct scheduler *s, struct message *m)
{
	if (m->unreported)
		return 0;
	m->delays = !owed_any(&m->file, 0);
	return !m->delays || sender_until_warning(s, m) <= 0;
}

int
sender_is_owed_first(struct message *m)
{
	m->delays = 0;
	return m->file.has_journal && owed_any(&m->file, 0);
}

static const struct {
	const char *event, *actions;
} events[] = {
    {"bounced", "failed"},
    {"warned", "delayed"},
    {"confirmed", "delivered relayed expanded"},
};

static void
log_reported(const struct message *m, const char *report_id)
{
	char rcpts[DECIMAL_MAX];

	for (size_t k = 0; k < sizeof events / sizeof *events; ++k) {
		size_t n = 0;

		for (size_t i = 0; i < m->file.envelope.count; ++i) {
			const char *action = owed(&m->file, i, m->delays);

			n += action != NULL && strstr(events[k].actions, action) != NULL;
		}
		if (n > 0)
			log_event(m->id, events[k].event, "bounce", report_id, "rcpts",
			    text_decimal(rcpts, n), (char *)NULL);
	}
}

int64_t
sender_seconds_untold(const struct scheduler *s, const struct message *m)
{
	int64_t last = m->file.age.last;

	return last > 0 && last < s->now ? s->now - last : 0;
}

void
sender_not_told(const struct scheduler *s, const struct message *m)
{
	int64_t seconds = sender_seconds_untold(s, m);
	char n[DECIMAL_MAX];

	if (seconds >= LOUD_AFTER)
		log_event(m->id, "alert", "sender", m->file.envelope.sender, "seconds",
		    text_decimal(n, seconds), "text",
		    "the report to its sender can't be made", (char *)NULL);
}

/* B and W need a sync only while other recipients keep the file alive. */
void
sender_told(struct scheduler *s, struct message *m, const char *report_id)
{
	log_reported(m, report_id);
	for (size_t i = 0; i < m->file.envelope.count; ++i)
		if (owed(&m->file, i, m->delays) != NULL)
			put_reported(s, m, i, report_id);
	m->unsynced = 1;
}
